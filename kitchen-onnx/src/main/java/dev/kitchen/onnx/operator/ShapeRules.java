package dev.kitchen.onnx.operator;

import dev.kitchen.onnx.graph.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The shapes that ONNX Runtime's operators have to be given, for those that end the process otherwise. Found by running
 * each operator with odd shapes in ONNX Runtime 1.28.0 (see {@code OperatorTrialTest}). An operator that stands here
 * several times takes any one of the lines that apply to it. Where a line starts with {@code ~}, see
 * {@link ShapeRule#shapesOnly}.
 */
final class ShapeRules {

    private static final String TABLE = """
            TopK +,...
            LpNormalization +,...
            Unique[axis=*] +,...
            QuantizeLinear[block_size=*] ... ... ...
            DequantizeLinear[block_size=*] ... ... ...
            LSTM[layout=0] s,b,i d,4%hidden_size,i d,4%hidden_size,%hidden_size d,8%hidden_size b d,b,%hidden_size d,b,%hidden_size d,3%hidden_size
            LSTM[layout=1] b,s,i d,4%hidden_size,i d,4%hidden_size,%hidden_size d,8%hidden_size b b,d,%hidden_size b,d,%hidden_size d,3%hidden_size
            GRU[layout=0] s,b,i d,3%hidden_size,i d,3%hidden_size,%hidden_size d,6%hidden_size b d,b,%hidden_size
            GRU[layout=1] b,s,i d,3%hidden_size,i d,3%hidden_size,%hidden_size d,6%hidden_size b b,d,%hidden_size
            RNN[layout=0] s,b,i d,%hidden_size,i d,%hidden_size,%hidden_size d,2%hidden_size b d,b,%hidden_size
            RNN[layout=1] b,s,i d,%hidden_size,i d,%hidden_size,%hidden_size d,2%hidden_size b b,d,%hidden_size
            com.microsoft.DynamicQuantizeLSTM s,b,i d,i,4%hidden_size d,%hidden_size,4%hidden_size d,8%hidden_size b d,b,%hidden_size d,b,%hidden_size d,3%hidden_size d,... d,... d,... d,...
            Einsum
            Concat ..A &
            SequenceAt ? ..1
            SequenceErase ? ..1
            SequenceInsert ? ? ..1
            Conv *,*,..S *,*,..S+
            ConvInteger *,*,..S *,*,..S+ ? ?
            ConvTranspose *,c,..S+ c,+,..S+
            QLinearConv *,*,..S ..1 ..1 *,*,..S+ ? ? ..1 ..1
            com.microsoft.QLinearConv *,*,..S ..1 ..1 *,*,..S+ ? ? ..1 ..1
            com.microsoft.FusedConv *,*,..S *,*,..S+
            com.microsoft.ConvTransposeWithDynamicPads *,c,..S+ c,+,..S+
            DeformConv *,*,*,* *,*,+,+ *,*,*,* * *,*,*,*
            AveragePool *,*,@kernel_shape
            MaxPool *,*,@kernel_shape
            LpPool *,*,@kernel_shape
            GlobalAveragePool *,*,*,..A
            GlobalMaxPool *,*,*,..A
            GlobalLpPool *,*,*,..A
            MaxUnpool *,*,@kernel_shape *,*,@kernel_shape
            com.microsoft.NhwcMaxPool *,*,@kernel_shape
            com.microsoft.MaxpoolWithMask *,*,@kernel_shape *,*,@kernel_shape
            com.microsoft.QLinearAveragePool *,*,@kernel_shape ..1 ..1 ..1 ..1
            com.microsoft.QLinearGlobalAveragePool *,*,+,... ..1 ..1 ..1 ..1
            NonMaxSuppression ? ? ..1 ..1 ..1
            MaxRoiPool *,+,+,+ *,5
            RoiAlign *,*,*,* R,4 R
            com.microsoft.CropAndResize *,*,*,* R,4 R 2
            GridSample n,+,+,+ n,+,+,2
            GridSample n,+,+,+,+ n,+,+,+,3
            com.microsoft.GridSample n,+,+,+ n,+,+,2
            ~Attention +,+,+ +,+,+ +,+,+ ? *,*,*,* *,*,*,*
            ~Attention +,+,+,+ +,+,+,+ +,+,+,+ ? *,*,*,* *,*,*,*
            Multinomial *,+
            STFT +,+,..A [] + []
            Upsample +,... #0
            GatherND @batch_dims,*,..A @batch_dims,*,..B
            ReduceL1 ? *
            ReduceL1 ... ?
            ReduceL2 ? *
            ReduceL2 ... ?
            ReduceLogSum ? *
            ReduceLogSum ... ?
            ReduceLogSumExp ? *
            ReduceLogSumExp ... ?
            ReduceMax ? *
            ReduceMax ... ?
            ReduceMean ? *
            ReduceMean ... ?
            ReduceMin ? *
            ReduceMin ... ?
            ReduceProd ? *
            ReduceProd ... ?
            ReduceSum ? *
            ReduceSum ... ?
            ReduceSumSquare ? *
            ReduceSumSquare ... ?
            com.microsoft.Inverse a,a
            com.microsoft.Inverse +,a,a
            com.microsoft.Inverse +,+,a,a
            com.microsoft.Inverse +,+,+,a,a
            ~com.microsoft.FastGelu ... +
            ~com.microsoft.SkipLayerNormalization *,*,h +,+,h h h h
            ~com.microsoft.SkipLayerNormalization *,*,h +,h h h h
            ~com.microsoft.SkipLayerNormalization *,h +,h h h h
            ~com.microsoft.SkipSimplifiedLayerNormalization *,*,h +,+,h h h
            ~com.microsoft.SkipSimplifiedLayerNormalization *,*,h +,h h h
            ~com.microsoft.SkipSimplifiedLayerNormalization *,h +,h h h
            com.microsoft.QLinearConcat ..1 ..1 ..A+ ..1 ..1 ..A+ ..1 ..1 ..A+ ..1 ..1 ..A+ ..1 ..1 ..A+ ..1 ..1
            com.microsoft.QLinearWhere ... ... !..1 !..1 ... !..1 !..1 !..1 !..1
            AffineGrid *,*,* 4
            AffineGrid *,*,* 5
            ai.onnx.ml.FeatureVectorizer + &
            ai.onnx.ml.FeatureVectorizer n,+ &
            com.microsoft.QLinearSoftmax ... ..1 ..1 ..1 ..1
            com.microsoft.QLinearSigmoid ? ..1 ..1 ..1 ..1
            com.microsoft.QLinearLeakyRelu ? ..1 ..1 ..1 ..1
            com.microsoft.QLinearAdd ? ..1 ..1 ? ..1 ..1 ..1 ..1
            com.microsoft.QLinearMul ? ..1 ..1 ? ..1 ..1 ..1 ..1
            ~com.microsoft.QMoE ... &
            ~com.microsoft.MoE ... &
            ~com.microsoft.LinearAttention ... &
            ~com.microsoft.CausalConvWithState ... &
            DFT +,+,...
            ai.onnx.ml.Normalizer *,?
            ai.onnx.ml.TreeEnsemble *,+
            ai.onnx.ml.TreeEnsemble +
            ai.onnx.ml.TreeEnsembleClassifier *,+
            ai.onnx.ml.TreeEnsembleClassifier +
            ai.onnx.ml.TreeEnsembleRegressor *,+
            ai.onnx.ml.TreeEnsembleRegressor +
            com.microsoft.BifurcationDetector + + [] +
            ~com.microsoft.QAttention +,+,+ +,+ + ..1 ..1 ? ..1 ..1
            com.microsoft.GatherND *,..A *,..B
            ~com.microsoft.BiasGelu ? +
            ~com.microsoft.SparseAttention +,+,+ +,+,+ +,+,+ +,+,+,+ +,+,+,+ +,+ +,+ ..1 +
            ConcatFromSequence ..A &
            ~com.microsoft.EmbedLayerNormalization *,* *,* *,h *,h *,h h h
            ~com.microsoft.MultiHeadAttention ? ? ? ? ? ...
            ~com.microsoft.GroupQueryAttention +,+,+ ? ? +,+,*,+ +,+,*,+ + ..1
            com.microsoft.MatMulFpQ4 +,... + !2
            """;

    private static final Map<String, List<ShapeRule>> BY_OPERATOR =
            TABLE.lines().map(ShapeRule::parse).collect(Collectors.groupingBy(ShapeRule::operator));

    private ShapeRules() {}

    /** Returns the rules that apply to a node; none for most. */
    static List<ShapeRule> of(Node node) {
        List<ShapeRule> rules = BY_OPERATOR.get(node.qualifiedOperator());
        return rules == null
                ? List.of()
                : rules.stream().filter(rule -> rule.appliesTo(node)).toList();
    }
}
