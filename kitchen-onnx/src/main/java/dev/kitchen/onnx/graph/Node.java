package dev.kitchen.onnx.graph;

import java.util.List;
import java.util.Optional;

/**
 * One operator in a graph.
 *
 * @param operator the operator's type, such as {@code MatMul}
 * @param domain empty for ONNX's own operators
 * @param overload tells functions of one name apart; mostly empty
 * @param inputs names of values; an empty name is an optional input that is left out
 * @param outputs names of values; an empty name is an optional output that is left out
 * @param attributes no two of one name
 */
public record Node(
        String operator,
        String domain,
        String overload,
        String name,
        List<String> inputs,
        List<String> outputs,
        List<Attribute> attributes) {

    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }

    /** Returns whether this is an operator of ONNX's own domain. */
    public boolean is(String onnxOperator) {
        return domain.isEmpty() && operator.equals(onnxOperator);
    }

    /** Returns the attribute of this name. */
    public Optional<Attribute> attribute(String attributeName) {
        for (Attribute attribute : attributes) {
            if (attribute.name().equals(attributeName)) {
                return Optional.of(attribute);
            }
        }
        return Optional.empty();
    }

    /** Returns the integer attribute of this name, or else the default. */
    public long integer(String attributeName, long orElse) {
        return attribute(attributeName).flatMap(Attribute::integer).orElse(orElse);
    }

    /** Returns the name of an input; empty where it is left out or there are fewer inputs. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /** Returns the graphs in its attributes: bodies and branches. */
    public List<Graph> subgraphs() {
        return attributes.isEmpty()
                ? List.of()
                : attributes.stream()
                        .flatMap(attribute -> attribute.graphs().stream())
                        .toList();
    }

    /** Returns the operator's name with its domain before it where that is not ONNX's own. */
    public String qualifiedOperator() {
        return domain.isEmpty() ? operator : domain + "." + operator;
    }
}
