package dev.kitchen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.batch.BatchingConfig;
import dev.kitchen.error.CancelledException;
import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.error.NotReadyException;
import dev.kitchen.predict.BulkResult;
import dev.kitchen.predict.Prediction;
import dev.kitchen.predict.PredictionRequest;
import dev.kitchen.tensor.DataType;
import dev.kitchen.tensor.Tensor;
import dev.kitchen.testkit.FakeBackend;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BulkTest {

    private static final int THREADS = 2;

    @TempDir
    Path directory;

    private final FakeBackend backend = new FakeBackend().inRows();
    private Kitchen kitchen;
    private Endpoint endpoint;

    private void open(EndpointOptions options) throws IOException {
        FakeBackend.writeModel(directory, "m", "tag");
        kitchen = Kitchen.builder()
                .models(directory)
                .backend(backend)
                .asyncThreads(THREADS)
                .endpoint("m", options)
                .open();
        endpoint = kitchen.endpoint("m");
    }

    private void open() throws IOException {
        open(EndpointOptions.defaults());
    }

    private void openBatched(int maxItems) throws IOException {
        open(EndpointOptions.builder()
                .batching(BatchingConfig.builder().maxItems(maxItems).build())
                .build());
    }

    @AfterEach
    void close() {
        backend.release();
        kitchen.close();
        assertThat(backend.violations()).isZero();
        assertThat(backend.openSessions()).isZero();
    }

    private static PredictionRequest request(Tensor x) {
        return PredictionRequest.of(Map.of("x", x));
    }

    private static Stream<PredictionRequest> requests(int count) {
        return IntStream.range(0, count).mapToObj(it -> request(Models.x(it)));
    }

    private static void check(List<BulkResult<Prediction>> results, int count) {
        assertThat(results).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(results.get(i).index()).isEqualTo(i);
            assertThat(results.get(i).answer().tensor("echo")).isEqualTo(Models.x(i));
        }
    }

    @Test
    void answersInTheOrderOfTheRequests() throws IOException {
        open();

        check(endpoint.predictAll(requests(1_000)).toList(), 1_000);
        check(endpoint.predictAll(requests(10).toList()).toList(), 10);
        check(endpoint.predictAll(List.of()).toList(), 0);
    }

    @Test
    void answersManyByOneRunWhereTheEndpointBatches() throws IOException {
        openBatched(50);
        int before = backend.runs();

        check(endpoint.predictAll(requests(1_000)).toList(), 1_000);

        assertThat(backend.runs() - before).isLessThanOrEqualTo(20);
    }

    @Test
    void oneBadRequestFailsAlone() throws IOException {
        for (boolean batched : new boolean[] {false, true}) {
            openFor(batched);
            PredictionRequest bad = PredictionRequest.of(Map.of("y", Models.x(2)));

            List<BulkResult<Prediction>> results = endpoint.predictAll(
                            List.of(request(Models.x(0)), bad, request(Models.x(2)), request(Models.x(3, 3))))
                    .toList();

            assertThat(results.get(1).failure()).containsInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(results.get(1)::answer).isInstanceOf(InvalidRequestException.class);
            assertThat(results.get(0).answer().tensor("echo")).isEqualTo(Models.x(0));
            assertThat(results.get(2).answer().tensor("echo")).isEqualTo(Models.x(2));
            assertThat(results.get(3).answer().tensor("echo")).isEqualTo(Models.x(3, 3));
            kitchen.close();
        }
    }

    private void openFor(boolean batched) throws IOException {
        if (batched) {
            openBatched(50);
        } else {
            open();
        }
    }

    @Test
    void aRunThatFailsIsTakenApart() throws IOException {
        openBatched(50);
        AtomicInteger runs = new AtomicInteger();
        backend.duringRuns(() -> {
            if (runs.incrementAndGet() == 1) {
                throw new IllegalStateException("the first one fails");
            }
        });

        check(endpoint.predictAll(requests(20)).toList(), 20);
    }

    @Test
    void readsNoMoreRequestsThanItNeeds() throws IOException {
        open();
        AtomicInteger read = new AtomicInteger();
        Stream<PredictionRequest> endless = Stream.generate(() -> request(Models.x(read.getAndIncrement())));

        try (Stream<BulkResult<Prediction>> results = endpoint.predictAll(endless)) {
            Iterator<BulkResult<Prediction>> iterator = results.iterator();
            for (int i = 0; i < 100; i++) {
                assertThat(iterator.next().answer().tensor("echo")).isEqualTo(Models.x(i));
                assertThat(read.get()).isLessThanOrEqualTo(i + 1 + 2 * THREADS + 1);
            }
        }
    }

    @Test
    void copiesBorrowedInputsAsItReadsThem() throws IOException {
        open();
        ByteBuffer memory = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        Stream<PredictionRequest> lent = IntStream.range(0, 20).mapToObj(it -> {
            memory.putFloat(0, it);
            return request(Tensor.borrow(DataType.FLOAT, memory, 1, 1));
        });

        check(endpoint.predictAll(lent).toList(), 20);
    }

    @Test
    void worksOnThreadsOfTheKitchenThatAllWaitForBulkCalls() throws Exception {
        open();
        List<CompletableFuture<Integer>> inside = Stream.generate(() -> endpoint.predictAsync(Map.of("x", Models.x(1)))
                        .thenApply(
                                it -> endpoint.predictAll(requests(50)).toList().size()))
                .limit(2 * THREADS)
                .toList();

        assertThat(inside).allMatch(it -> it.join() == 50);
    }

    @Test
    void anInterruptEndsReading() throws IOException {
        open();

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1_000; i++) {
                        endpoint.predictAll(requests(100)).toList();
                    }
                })
                .isInstanceOf(CancelledException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aClosedKitchenFailsWhatIsNotRead() throws IOException {
        open();
        Iterator<BulkResult<Prediction>> results =
                endpoint.predictAll(requests(100)).iterator();
        results.next().answer();

        kitchen.close();

        BulkResult<Prediction> last = results.next();
        while (results.hasNext()) {
            last = results.next();
        }
        assertThat(last.failure()).containsInstanceOf(NotReadyException.class);
        assertThatThrownBy(() -> endpoint.predictAll(requests(1))).isInstanceOf(NotReadyException.class);
    }
}
