package dev.kitchen.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.predict.CallOptions;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.EmptyOptional;
import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.OptionalSpec;
import dev.kitchen.tensor.Shape;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.TensorSpec;
import dev.kitchen.tensor.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputBindingTest {

    private static final Tensor ONE = Tensor.of(new float[] {1}, 1);
    private static final Tensor TWO = Tensor.of(new float[] {2}, 1);
    private static final Tensor THREE = Tensor.of(new float[] {3}, 1);

    private final InputBinding binding = new InputBinding(
            "m",
            new ModelSignature(
                    List.of(floats("a"), floats("b"), new OptionalSpec("o", floats("o"))),
                    List.of(floats("d")),
                    List.of(floats("y"), floats("z"))));

    private static TensorSpec floats(String name) {
        return new TensorSpec(name, DataType.FLOAT, Shape.of(1));
    }

    private NamedValues bind(Map<String, Value> inputs) {
        return binding.bind(PredictionRequest.of(NamedValues.of(inputs), CallOptions.defaults()));
    }

    private static Map<String, Value> inputs(Object... namesAndValues) {
        Map<String, Value> inputs = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            inputs.put((String) namesAndValues[i], (Value) namesAndValues[i + 1]);
        }
        return inputs;
    }

    private void refuses(Map<String, Value> inputs, String message) {
        assertThatThrownBy(() -> bind(inputs))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("m: " + message);
    }

    @Test
    void inputsAreInTheOrderOfTheSignatureHoweverTheyCome() {
        NamedValues inOrder = bind(inputs("a", ONE, "b", TWO, "o", THREE));
        NamedValues backwards = bind(inputs("o", THREE, "b", TWO, "a", ONE));

        assertThat(inOrder).isEqualTo(backwards);
        assertThat(inOrder.names()).containsExactly("a", "b", "o");
        assertThat(inOrder.value("a")).isEqualTo(ONE);
        assertThat(inOrder.value("o")).isEqualTo(THREE);
    }

    @Test
    void whatIsOptionalIsEmptyAndWhatHasADefaultIsLeftOut() {
        NamedValues bound = bind(inputs("a", ONE, "b", TWO));
        assertThat(bound.names()).containsExactly("a", "b", "o");
        assertThat(bound.value("o")).isEqualTo(new EmptyOptional());

        NamedValues withDefault = bind(inputs("d", THREE, "a", ONE, "b", TWO));
        assertThat(withDefault.names()).containsExactly("a", "b", "o", "d");
        assertThat(withDefault.value("d")).isEqualTo(THREE);
    }

    @Test
    void refusesWhatIsMissingUnknownOrWrong() {
        Tensor wrong = Tensor.of(new long[] {1}, 1);

        refuses(inputs("a", ONE), "input 'b' is missing, expected b: FLOAT [1]");
        refuses(inputs("a", ONE, "b", TWO, "c", THREE), "unknown input 'c', expected [a, b, o, d]");
        refuses(inputs("a", ONE, "b", wrong, "o", THREE), "input 'b' has type INT64, expected FLOAT");
        refuses(inputs("b", wrong, "a", ONE), "input 'b' has type INT64, expected FLOAT");
        refuses(inputs("a", ONE, "b", TWO, "d", wrong), "input 'd' has type INT64, expected FLOAT");
    }

    private List<String> outputs(String... names) {
        return binding.outputs(PredictionRequest.of(NamedValues.of(Map.of()), CallOptions.requestedOutputs(names)));
    }

    @Test
    void computesTheOutputsAskedForOrAll() {
        assertThat(outputs()).containsExactly("y", "z");
        assertThat(outputs("z")).containsExactly("z");
        assertThatThrownBy(() -> outputs("z", "w"))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessage("m: unknown output 'w', expected [y, z]");
    }
}
