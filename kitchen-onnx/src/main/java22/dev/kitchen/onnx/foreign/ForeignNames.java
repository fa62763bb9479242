package dev.kitchen.onnx.foreign;

import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.ValueSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The names of a model's inputs and outputs as C strings, which live until this is closed. */
final class ForeignNames {

    private final Arena arena;
    private final List<String> required;
    private final MemorySegment requiredNames;
    private final Map<String, Long> byText = new HashMap<>();

    @SuppressWarnings("MustBeClosedChecker") // the arena is closed in close()
    ForeignNames(ModelSignature signature) {
        this.required = signature.inputs().stream().map(ValueSpec::name).toList();
        this.arena = Arena.ofShared();
        try {
            this.requiredNames = CMemory.texts(arena, required);
            Stream.of(signature.inputs(), signature.defaultedInputs(), signature.outputs())
                    .flatMap(List::stream)
                    .forEach(it -> byText.computeIfAbsent(it.name(), name -> CMemory.text(arena, name)));
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    /** The address of one name, which is known to be of this model. */
    long address(String name) {
        return Objects.requireNonNull(byText.get(name), "the name was checked");
    }

    long[] addresses(List<String> names) {
        long[] addresses = new long[names.size()];
        for (int i = 0; i < addresses.length; i++) {
            addresses[i] = address(names.get(i));
        }
        return addresses;
    }

    /** The address of an array of the addresses; it lives as long as the call. */
    long array(CallArena callArena, List<String> names) {
        if (names.equals(required)) {
            return requiredNames.address();
        }
        MemorySegment array = callArena.get().allocate(ValueLayout.JAVA_LONG, Math.max(1, names.size()));
        MemorySegment.copy(addresses(names), 0, array, ValueLayout.JAVA_LONG, 0, names.size());
        return array.address();
    }

    void close() {
        arena.close();
    }
}
