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
                "Attention@23 float[1,4,8] float[1,4,8] float[1,4,8] -> float | q_num_heads=i0 kv_num_heads=i2; has q_num_heads 0",
                "Attention@23 float[1,4,8] float[1,4,8] float[1,4,8] -> float | q_num_heads=i2 kv_num_heads=i4294967296; has kv_num_heads 4294967296",
                "Attention@24 float[1,4,8] float[1,4,8] float[1,4,8] -> float | q_num_heads=i-1 kv_num_heads=i2; has q_num_heads -1",
                "ConvTranspose@11 float[1,2,6] float[2,1,2] -> float | group=i0; has group 0",
                "DepthToSpace@13 float[1,4,4,4] -> float | blocksize=i4294967296; has blocksize 4294967296",
                "Scan@17 float[2,3] -> float | num_scan_inputs=i0; has num_scan_inputs 0, expected 1 to its number of inputs, 1",
                "Scan@17 float[2,3] -> float | num_scan_inputs=i99; has num_scan_inputs 99",
                "TfIdfVectorizer@9 int64[4] -> float | mode=sTF min_gram_length=i2 max_gram_length=i2 max_skip_count=i5 ngram_counts=I0:2 ngram_indexes=I0:1:2 pool_int64s=I2:3:5:4:5:6; has 3 ngram_indexes, expected 4",
                "TfIdfVectorizer@9 int64[4] -> float | mode=sTF min_gram_length=i1 max_gram_length=i2 max_skip_count=i0 ngram_counts=I0:1000000 ngram_indexes=I0:1:2 pool_int64s=I2:3:5; has ngram_counts [0, 1000000]",
                "TfIdfVectorizer@9 int64[4] -> float | mode=sTF min_gram_length=i2 max_gram_length=i2 max_skip_count=i0 ngram_counts=I4:0 ngram_indexes=I0:1:2 pool_int64s=I2:3:5:4:5:6; has ngram_counts [4, 0]",
                "TfIdfVectorizer@9 int64[4] -> float | mode=sTF min_gram_length=i2 max_gram_length=i2 max_skip_count=i0 ngram_counts=I0:0 ngram_indexes=I-100000000:1:2 pool_int64s=I2:3:5:4:5:6; has the ngram_index -100000000",
            })
    void areRefusedWhenTheModelIsLoaded(String seed, String message) throws IOException {
        Path file = TestModels.write(directory, "m", DangerousRequestRun.model(OperatorSeed.parse(seed)));

        assertThatThrownBy(() -> new OnnxBackend().load(file).close())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining(message);
    }
}
