package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.ModelLoadException;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes that end the process of ONNX Runtime 1.28, or read memory of others, whatever a request brings. */
class RefusedNodesTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "Cast@25 double[3] -> float | to=i1 saturate=i7; has saturate 7, expected 0 or 1",
                "LSTM@14 float[3,2,3] float[1,20,3] float[1,20,4] -> float | hidden_size=i5; expected [d,20,5]",
                "LSTM@14 float[3,2,3] float[1,16,3] float[1,20,5] -> float | hidden_size=i5; expected [d,20,i]",
                "GRU@14 float[3,2,3] float[1,12,3] float[1,12,4] -> float | hidden_size=i3; expected [d,9,i]",
                "RNN@14 float[3,2,3] float[1,4,3] float[1,4,4] -> float | hidden_size=i-4; expected [d,",
                "LayerNormalization@17 float[2,3] float[3] -> float | axis=i99; has axis 99, expected -",
                "com.microsoft:CausalConvWithState@1 float[1,2,3] float[2,1,2] -> float | ndim=i2; has ndim 2",
            })
    void areRefusedWhenTheModelIsLoaded(String seed, String message) throws IOException {
        Path file = TestModels.write(directory, "m", DangerousRequestRun.model(OperatorSeed.parse(seed)));

        assertThatThrownBy(() -> new OnnxBackend().load(file).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(message);
    }
}
