package dev.kitchen.benchmarks;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A boosted ensemble of full binary trees with thresholds and weights by chance, always the same ones. */
final class Trees {

    static final String DOMAIN = "ai.onnx.ml";

    private final Random random = new Random(2);
    private final List<Long> trees = new ArrayList<>();
    private final List<Long> nodes = new ArrayList<>();
    private final List<Long> features = new ArrayList<>();
    private final List<Float> thresholds = new ArrayList<>();
    private final List<ByteString> modes = new ArrayList<>();
    private final List<Long> onTrue = new ArrayList<>();
    private final List<Long> onFalse = new ArrayList<>();
    private final List<Long> leafTrees = new ArrayList<>();
    private final List<Long> leaves = new ArrayList<>();
    private final List<Float> weights = new ArrayList<>();

    /** A node has its children at twice its position, plus one and plus two. */
    Trees(int count, int depth, int columns) {
        int inner = (1 << depth) - 1;
        for (long tree = 0; tree < count; tree++) {
            for (long node = 0; node < 2L * inner + 1; node++) {
                trees.add(tree);
                nodes.add(node);
                boolean leaf = node >= inner;
                features.add(leaf ? 0L : (long) random.nextInt(columns));
                thresholds.add(leaf ? 0f : (float) random.nextGaussian());
                modes.add(ByteString.copyFromUtf8(leaf ? "LEAF" : "BRANCH_LEQ"));
                onTrue.add(leaf ? 0L : 2 * node + 1);
                onFalse.add(leaf ? 0L : 2 * node + 2);
                if (leaf) {
                    leafTrees.add(tree);
                    leaves.add(node);
                    weights.add((float) random.nextGaussian() / count);
                }
            }
        }
    }

    NodeProto node(String input, String output) {
        return NodeProto.newBuilder()
                .setOpType("TreeEnsembleRegressor")
                .setDomain(DOMAIN)
                .setName(output)
                .addInput(input)
                .addOutput(output)
                .addAttribute(integers("nodes_treeids", trees))
                .addAttribute(integers("nodes_nodeids", nodes))
                .addAttribute(integers("nodes_featureids", features))
                .addAttribute(floats("nodes_values", thresholds))
                .addAttribute(named("nodes_modes", AttributeProto.AttributeType.STRINGS)
                        .addAllStrings(modes))
                .addAttribute(integers("nodes_truenodeids", onTrue))
                .addAttribute(integers("nodes_falsenodeids", onFalse))
                .addAttribute(integers("target_treeids", leafTrees))
                .addAttribute(integers("target_nodeids", leaves))
                .addAttribute(
                        integers("target_ids", leaves.stream().map(it -> 0L).toList()))
                .addAttribute(floats("target_weights", weights))
                .addAttribute(integer("n_targets", 1))
                .addAttribute(named("post_transform", AttributeProto.AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8("LOGISTIC")))
                .build();
    }

    private static AttributeProto.Builder named(String name, AttributeProto.AttributeType type) {
        return AttributeProto.newBuilder().setName(name).setType(type);
    }

    private static AttributeProto.Builder integer(String name, long value) {
        return named(name, AttributeProto.AttributeType.INT).setI(value);
    }

    private static AttributeProto.Builder integers(String name, List<Long> values) {
        return named(name, AttributeProto.AttributeType.INTS).addAllInts(values);
    }

    private static AttributeProto.Builder floats(String name, List<Float> values) {
        return named(name, AttributeProto.AttributeType.FLOATS).addAllFloats(values);
    }
}
