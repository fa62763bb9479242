package dev.kitchen.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.kitchen.error.ModelLoadException;
import dev.kitchen.onnx.OnnxOptions.Api;
import dev.kitchen.onnx.scan.OnnxFile;
import dev.kitchen.predict.CallContext;
import dev.kitchen.spi.InferenceSession;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.tensor.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A session answers with the bytes that were scanned, or is refused, whatever happens to the files meanwhile. */
class ScannedIsLoadedTest {

    private static final float CLEAN = 1;
    private static final float SECRET = 7;

    @TempDir
    private Path outside;

    private Path directory;

    @BeforeEach
    void makeDirectory() throws IOException {
        directory = Files.createDirectory(outside.resolve("models"));
    }

    static Stream<Api> apis() {
        return RuntimeChoice.foreign().api().isPresent() ? Stream.of(Api.C, Api.JAVA) : Stream.of(Api.JAVA);
    }

    private static ModelProto model(TensorProto weights) {
        return TestModels.model(GraphProto.newBuilder()
                .setName("g")
                .addInput(TestModels.tensor("x", TestModels.FLOAT, 4))
                .addInitializer(weights)
                .addNode(TestModels.node("Add", "y", "x", "w"))
                .addOutput(TestModels.tensor("y", TestModels.FLOAT, 4))
                .build());
    }

    private static TensorProto.Builder weights() {
        return TensorProto.newBuilder()
                .setName("w")
                .setDataType(TestModels.FLOAT)
                .addDims(4);
    }

    private static ModelProto clean() {
        return model(weights().setRawData(ByteString.copyFrom(floats(CLEAN))).build());
    }

    private static ModelProto external(String location) {
        return model(weights()
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location))
                .build());
    }

    private static byte[] floats(float value) {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 4; i++) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static float answer(Api api, Path model) {
        OnnxBackend backend =
                new OnnxBackend(OnnxOptions.builder().api(api).intraOpThreads(1).build());
        try (InferenceSession session = backend.load(model)) {
            return session.run(
                            NamedValues.of("x", Tensor.of(new float[4], 4)),
                            List.of("y"),
                            new CallContext(0, Long.MAX_VALUE))
                    .tensor("y")
                    .toFloatArray()[0];
        }
    }

    /** Loads while another thread moves files; returns how many loads answered. */
    private static int loadUnderFire(Api api, Path model, int loads, Mover mover) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch moving = new CountDownLatch(1);
        Thread thread = new Thread(() -> {
            try {
                for (boolean evil = false; !stop.get(); evil = !evil) {
                    mover.move(evil);
                    moving.countDown();
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        thread.start();
        int answered = 0;
        try {
            moving.await();
            for (int i = 0; i < loads; i++) {
                try {
                    assertThat(answer(api, model)).isEqualTo(CLEAN);
                    answered++;
                } catch (ModelLoadException e) {
                    assertThat(e.getMessage())
                            .containsAnyOf(
                                    "hard links",
                                    "was changed or replaced",
                                    "keeps changing",
                                    "was removed",
                                    "missing",
                                    "inside the model's directory",
                                    "refused by ONNX Runtime");
                }
            }
        } finally {
            stop.set(true);
            thread.join();
        }
        return answered;
    }

    private interface Mover {
        void move(boolean evil) throws IOException;
    }

    private static void replace(Path file, byte[] content) throws IOException {
        Path other = Files.write(file.resolveSibling("other"), content);
        Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void aModelThatIsSwappedIsLoadedAsItWasScannedOrRefused(Api api) throws Exception {
        Path secret = Files.write(outside.resolve("secret"), floats(SECRET));
        Files.createLink(directory.resolve("w.bin"), secret);
        byte[] good = clean().toByteArray();
        byte[] evil = external("w.bin").toByteArray();
        Path model = Files.write(directory.resolve("m.onnx"), evil);
        assertThatThrownBy(() -> answer(api, model)).hasMessageContaining("hard links");

        int answered = loadUnderFire(api, model, 300, isEvil -> replace(model, isEvil ? evil : good));

        assertThat(answered).isPositive();
    }

    @ParameterizedTest
    @MethodSource("apis")
    void externalDataThatIsSwappedIsLoadedAsItWasScannedOrRefused(Api api) throws Exception {
        Path secret = Files.write(outside.resolve("secret"), floats(SECRET));
        Path data = Files.write(directory.resolve("w.bin"), floats(CLEAN));
        Path model = TestModels.write(directory, "m", external("w.bin"));
        assertThat(answer(api, model)).isEqualTo(CLEAN);

        loadUnderFire(api, model, 60, isEvil -> {
            if (isEvil) {
                Path link = directory.resolve("link");
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, secret);
                Files.move(data, directory.resolve("kept"), StandardCopyOption.ATOMIC_MOVE);
                Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
            } else if (Files.exists(directory.resolve("kept"))) {
                Files.move(
                        directory.resolve("kept"),
                        data,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        });
    }

    @Test
    void aFileThatChangedBetweenScanAndLoadIsRefused() throws IOException {
        Path data = Files.write(directory.resolve("w.bin"), floats(CLEAN));
        OnnxFile file = OnnxFile.scan(TestModels.write(directory, "m", external("w.bin")), Long.MAX_VALUE);
        file.content().requireUnchanged();

        replace(data, floats(CLEAN));

        assertThatThrownBy(() -> file.content().requireUnchanged())
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("w.bin")
                .hasMessageContaining("changed or replaced");
        Files.delete(data);
        assertThatThrownBy(() -> file.content().requireUnchanged()).hasMessageContaining("was removed");
    }

    @ParameterizedTest
    @MethodSource("apis")
    void aLargeModelIsLoadedFromItsFile(Api api) throws IOException {
        ModelProto large =
                clean().toBuilder().setDocString("x".repeat(33 << 20)).build();
        Path model = TestModels.write(directory, "large", large);

        assertThat(OnnxFile.scan(model, Long.MAX_VALUE).content().open().bytes())
                .isEmpty();
        assertThat(answer(api, model)).isEqualTo(CLEAN);
    }

    @ParameterizedTest
    @MethodSource("apis")
    void dataInASubdirectoryIsFound(Api api) throws IOException {
        Files.write(Files.createDirectory(directory.resolve("weights")).resolve("w.bin"), floats(CLEAN));

        assertThat(answer(api, TestModels.write(directory, "m", external("./weights/w.bin"))))
                .isEqualTo(CLEAN);
    }

    /** A directory of links to a model and its data, which lie together under other names. */
    private Path cache(ModelProto model) throws IOException {
        Path blobs = Files.createDirectories(directory.resolve("models--x/blobs"));
        Path snapshot = Files.createDirectories(directory.resolve("models--x/snapshots/abc"));
        Files.write(blobs.resolve("1"), model.toByteArray());
        Files.write(blobs.resolve("2"), floats(CLEAN));
        Files.createSymbolicLink(snapshot.resolve("m.onnx"), Path.of("../../blobs/1"));
        Files.createSymbolicLink(snapshot.resolve("m.data"), Path.of("../../blobs/2"));
        return snapshot;
    }

    @ParameterizedTest
    @MethodSource("apis")
    void aModelInAHuggingFaceCacheLoads(Api api) throws IOException {
        Path snapshot = cache(external("m.data"));

        assertThat(answer(api, snapshot.resolve("m.onnx"))).isEqualTo(CLEAN);
    }

    @Test
    void aLinkBesideALinkedModelThatLeadsElsewhereIsRefused() throws IOException {
        Path secret = Files.write(outside.resolve("secret"), floats(SECRET));
        Path snapshot = cache(external("m.data"));
        Path link = snapshot.resolve("m.data");
        Files.delete(link);
        Files.createSymbolicLink(link, secret);

        assertThatThrownBy(() -> OnnxFile.scan(snapshot.resolve("m.onnx"), Long.MAX_VALUE))
                .isInstanceOf(ModelLoadException.class)
                .hasMessageContaining("inside the model's directory");
    }

    @Test
    void aChangedLinkInACacheIsRefused() throws IOException {
        Path snapshot = cache(external("m.data"));
        OnnxFile file = OnnxFile.scan(snapshot.resolve("m.onnx"), Long.MAX_VALUE);
        file.content().requireUnchanged();

        Files.delete(snapshot.resolve("m.onnx"));
        Files.createSymbolicLink(snapshot.resolve("m.onnx"), Path.of("../../blobs/1"));

        assertThatThrownBy(() -> file.content().requireUnchanged()).hasMessageContaining("changed or replaced");
    }

    /** The Java API makes a session more at the first call that overrides a default. */
    @Test
    void anOverriddenDefaultIsOfTheModelThatWasLoaded() throws IOException {
        GraphProto graph = clean().getGraph().toBuilder()
                .addInput(TestModels.tensor("w", TestModels.FLOAT, 4))
                .build();
        Path model = TestModels.write(directory, "m", TestModels.model(graph));
        OnnxBackend backend =
                new OnnxBackend(OnnxOptions.builder().api(Api.JAVA).build());
        try (InferenceSession session = backend.load(model)) {
            replace(model, external("w.bin").toByteArray());

            float[] y = session.run(
                            NamedValues.of(List.of("x", "w"), new Value[] {
                                Tensor.of(new float[4], 4), Tensor.of(new float[] {2, 2, 2, 2}, 4)
                            }),
                            List.of("y"),
                            new CallContext(0, Long.MAX_VALUE))
                    .tensor("y")
                    .toFloatArray();

            assertThat(y).containsExactly(2, 2, 2, 2);
        }
    }

    @ParameterizedTest
    @MethodSource("apis")
    void externalDataThatIsChangedLaterChangesNoAnswer(Api api) throws Exception {
        Path temporary = Files.createDirectory(outside.resolve("tmp"));

        ForkedJvm.Result result = ForkedJvm.of(ChangesExternalData.class)
                .withFlags("-Djava.io.tmpdir=" + temporary)
                .withArguments(api.name(), directory.toString())
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("overwritten=1.0", "cut-off=1.0", "left-behind=0");
    }

    @ParameterizedTest
    @MethodSource("apis")
    void aLargeModelWithExternalDataLoads(Api api) throws IOException {
        Files.write(directory.resolve("w.bin"), floats(CLEAN));
        ModelProto large =
                external("w.bin").toBuilder().setDocString("x".repeat(33 << 20)).build();

        assertThat(answer(api, TestModels.write(directory, "large", large))).isEqualTo(CLEAN);
    }
}
