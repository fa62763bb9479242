package dev.kitchen.json;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.MessageText;
import dev.kitchen.tensor.DataType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The protocol's names for element types. */
final class Datatypes {

    private static final Map<String, DataType> BY_NAME = Arrays.stream(DataType.values())
            .collect(Collectors.toUnmodifiableMap(Datatypes::name, Function.identity()));

    private Datatypes() {}

    static String name(DataType type) {
        return switch (type) {
            case FLOAT -> "FP32";
            case DOUBLE -> "FP64";
            case FLOAT16 -> "FP16";
            case BFLOAT16 -> "BF16";
            case STRING -> "BYTES";
            default -> type.name();
        };
    }

    static DataType parse(String place, String name) {
        return Optional.ofNullable(BY_NAME.get(name))
                .orElseThrow(() -> new InvalidRequestException(
                        place + ": datatype is '" + MessageText.of(name) + "', expected one of "
                                + BY_NAME.keySet().stream().sorted().toList()));
    }
}
