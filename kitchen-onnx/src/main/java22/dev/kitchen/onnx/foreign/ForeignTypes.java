package dev.kitchen.onnx.foreign;

import dev.kitchen.onnx.scan.DeclaredTypes;
import dev.kitchen.tensor.DataType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The C API's numbers for element types: ONNX's own. */
final class ForeignTypes {

    private static final Map<DataType, Integer> NUMBERS = numbers();

    private ForeignTypes() {}

    private static Map<DataType, Integer> numbers() {
        Map<DataType, Integer> numbers = new EnumMap<>(DataType.class);
        for (int number = 1; number <= 16; number++) {
            int known = number;
            DeclaredTypes.elementType(number).ifPresent(it -> numbers.put(it, known));
        }
        return numbers;
    }

    static int number(DataType type) {
        return Objects.requireNonNull(NUMBERS.get(type), "every type has a number");
    }

    static DataType type(int number) {
        return DeclaredTypes.elementType(number)
                .orElseThrow(() -> new IllegalArgumentException("its elements are of ONNX's type " + number));
    }
}
