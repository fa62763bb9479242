package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.Kitchen;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.tensor.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that look like those that end the process, and that ONNX Runtime answers, are answered as it does. */
class HarmlessRequestTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                // an empty tensor that is only joined to another one
                "past:float[p,4] x:float[n,4] k=int64[1]=1; Concat past x > c | axis=i0; TopK c k > y p2; y:float"
                        + "#past=float[0,4] x=float[3,4]",
                "x:float[n,4] past:float[p,4] k=int64[1]=1; Concat x past > c | axis=i0; TopK c k > y p2; y:float"
                        + "#past=float[0,4] x=float[3,4]",
                "past:float[p,1,3] x:float[n,1,3] w=float[1,16,3] r=float[1,16,4];"
                        + " Concat past x > c | axis=i0; LSTM c w r > y | hidden_size=i4; y:float"
                        + "#past=float[0,1,3] x=float[2,1,3]",
                "x:float[n,4] past:float[p,4] w=float[4,4] k=int64[1]=1; MatMul x w > m; Exp past > e;"
                        + " Concat m e > c | axis=i0; TopK c k > y p2; y:float"
                        + "#past=float[0,4] x=float[3,4]",
                // a sum of nothing
                "ids:int64[m] x:float[n,4] e=float[5,4] a=int64[1]=0 k=int64[1]=1; Gather e ids > g;"
                        + " ReduceSum g a > s | keepdims=i0; Add s x > t; TopK t k > y p2; y:float"
                        + "#ids=int64[0] x=float[3,4]",
                "ids:int64[b,m] e=float[5,4] a=int64[1]=1 k=int64[1]=1; Gather e ids > g;"
                        + " ReduceSum g a > s | keepdims=i0; TopK s k > y p2; y:float"
                        + "#ids=int64[2,0]",
                "u:float[m] x:float[n,4] k=int64[1]=1; Size u > z; Cast z > f | to=i1; Add x f > t;"
                        + " TopK t k > y p2; y:float#u=float[0] x=float[3,4]",
                // padding named by axis, of a dimension that the request does not pad
                "x:float[n,m] k:int64[2] v=float[]=0 a=int64[1]=-1; Pad x k v a > y; y:float"
                        + "#x=float[3,2] k=int64[2]=1:2",
                "x:float[n,m] k:int64[2] a:int64[1] v=float[]=0; Pad x k v a > y; y:float"
                        + "#x=float[3,2] k=int64[2]=1:2 a=int64[1]=0",
                // the smallest number over others, and -1 under others
                "x:int64[n,k] i:int64[k,n]; Transpose x > t; Div t i > y; y:int64"
                        + "#x=int64[1,2]=-9223372036854775808:1 i=int64[2,1]=2:3",
                "x:int64[n,k] i:int64[k,n]; Transpose x > t; Div t i > y; y:int64"
                        + "#x=int64[1,2]=-2147483648:1 i=int64[2,1]=-1:-1",
            })
    void areAnsweredAsByTheOfficialApi(String graph, String request) throws Exception {
        Path file = TestModels.write(directory, "model", SmallGraph.model(graph, 18));
        Map<String, Value> inputs = SmallGraph.request(request);

        assertThat(OfficialReference.agrees(
                        file, new ArrayList<>(inputs.keySet()), new ArrayList<>(inputs.values()), 0, 0))
                .isTrue();
    }

    @Test
    void anUnrelatedEmptyInputIsNoConcernOfAFunction() throws Exception {
        String graph = "function x:float[n,3] u:float[m] k=int64[1]=1; TopK x k > y p; Exp u > z; y:float z:float";
        Path file = TestModels.write(directory, "model", SmallGraph.model(graph, 18));
        Map<String, Value> inputs = SmallGraph.request("x=float[2,3] u=float[0]");

        assertThat(OfficialReference.agrees(file, List.of("x", "u"), new ArrayList<>(inputs.values()), 0, 0))
                .isTrue();
    }

    @Test
    void saysThatABranchMayGetAnEmptyTensor() throws Exception {
        String graph = "if x:float[n,3] k=int64[1]=1; Exp x > e; TopK e k > y p; y:float";
        Path file = TestModels.write(directory, "model", SmallGraph.model(graph, 18));

        try (Kitchen kitchen =
                Kitchen.builder().models(file).shutdownHook(false).open()) {
            Map<String, Value> request = SmallGraph.request("x=float[0,3] choice=bool[]=0");
            assertThatThrownBy(() -> kitchen.endpoint("model").predict(request))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("input 'x' has shape [0, 3]")
                    .hasMessageContaining("may reach the operator TopK");
        }
    }
}
