package dev.kitchen.onnx.rows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rules of the operators for trees and other classic models, which take matrices of one row for each example. */
final class TreeRules {

    private static final String DOMAIN = "ai.onnx.ml.";

    private TreeRules() {}

    static void addTo(Map<String, Rule> rules) {
        for (String operator : List.of("TreeEnsembleClassifier", "LinearClassifier", "SVMClassifier")) {
            rules.put(DOMAIN + operator, TreeRules::classifier);
        }
        for (String operator : List.of("TreeEnsembleRegressor", "TreeEnsemble", "LinearRegressor", "SVMRegressor")) {
            rules.put(DOMAIN + operator, TreeRules::regressor);
        }
        for (String operator : List.of("Scaler", "Normalizer", "Imputer")) {
            rules.put(DOMAIN + operator, step -> List.of(RowValue.shaped(matrix(step, 0))));
        }
        rules.put(DOMAIN + "FeatureVectorizer", TreeRules::features);
        rules.put(DOMAIN + "ArrayFeatureExtractor", TreeRules::extractor);
        rules.put(DOMAIN + "OneHotEncoder", TreeRules::oneHot);
        rules.put(DOMAIN + "ZipMap", step -> {
            throw RowsException.unknown("returns maps");
        });
    }

    /** The shape of a matrix with a row for each example; a vector would be one example. */
    private static List<Size> matrix(Step step, int index) {
        RowValue value = step.input(index);
        if (value.kind() == RowValue.Kind.COUNT || value.rank() != 2 || value.hasRows() && value.axis() != 0) {
            throw RowsException.unknown("has no matrix with a row for each example");
        }
        return value.knownShape();
    }

    private static List<RowValue> classifier(Step step) {
        Size rows = matrix(step, 0).get(0);
        return List.of(RowValue.shaped(List.of(rows)), RowValue.shaped(List.of(rows, Size.unknown())));
    }

    private static List<RowValue> regressor(Step step) {
        return List.of(RowValue.shaped(List.of(matrix(step, 0).get(0), Size.unknown())));
    }

    private static List<RowValue> features(Step step) {
        Size rows = matrix(step, 0).get(0);
        for (int i = 1; i < step.inputs().size(); i++) {
            if (!matrix(step, i).get(0).equals(rows)) {
                throw RowsException.unknown("joins rows with something else");
            }
        }
        return List.of(RowValue.shaped(List.of(rows, Size.unknown())));
    }

    /** Selects columns: places along the last axis. */
    private static List<RowValue> extractor(Step step) {
        step.requireFree(1);
        List<Size> shape = new ArrayList<>(matrix(step, 0));
        shape.set(1, Size.unknown());
        return List.of(RowValue.shaped(shape));
    }

    private static List<RowValue> oneHot(Step step) {
        RowValue value = step.input(0);
        if (value.kind() == RowValue.Kind.COUNT) {
            throw RowsException.unknown("computes with the number of rows");
        }
        List<Size> shape = new ArrayList<>(value.knownShape());
        shape.add(Size.unknown());
        return List.of(RowValue.shaped(shape));
    }
}
