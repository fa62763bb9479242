package dev.kitchen.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kitchen.error.RegistryException;
import dev.kitchen.json.JsonTree;
import dev.kitchen.spi.ControlDocument;
import dev.kitchen.spi.ControlStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link ControlStore} promises. Extend it, and say how a store is opened.
 *
 * <p>That a process may die in the middle of a change is for the store's own tests.
 */
@Timeout(120)
public abstract class ControlStoreContract {

    private static final int MAX_BYTES = 10_000_000;
    private static final int CHANGES = 25;

    private final List<ControlStore> opened = new ArrayList<>();

    /** For subclasses. */
    protected ControlStoreContract() {}

    /** Another client of the one place that this test writes to, in which nobody has written before the test. */
    protected abstract ControlStore open();

    private ControlStore client() {
        ControlStore store = open();
        opened.add(store);
        return store;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(ControlStore::close);
    }

    private static ControlDocument json(String json) {
        return new ControlDocument(0, json);
    }

    private static JsonTree tree(ControlDocument document) {
        return JsonTree.parse("document", document.json().getBytes(StandardCharsets.UTF_8), MAX_BYTES);
    }

    private static long count(ControlDocument document) {
        return tree(document).member("count").map(it -> it.integer("count")).orElse(0L);
    }

    private static ControlDocument countedUp(ControlDocument document) {
        JsonTree next = tree(document).with("count", JsonTree.number(count(document) + 1));
        return json(next.toLine());
    }

    @Test
    void isEmptyWhereNobodyHasWritten() {
        assertThat(client().read()).isEqualTo(ControlDocument.EMPTY);
    }

    @Test
    void keepsEveryMemberAsItIs() {
        ControlStore store = client();
        String json = "{\"b\":{\"c\":[1.50,1e2,null,true]},\"a\":\"\u00e4\ud83d\ude00\\n\",\"$unknown\":{\"x\":1}}";

        store.update(document -> json(json));

        JsonTree read = tree(client().read());
        tree(json(json))
                .members("expected")
                .forEach((name, member) -> assertThat(read.members("read")).containsEntry(name, member));
    }

    @Test
    void countsItsGenerations() {
        ControlStore store = client();

        ControlDocument first = store.update(ControlStoreContract::countedUp);
        ControlDocument second = store.update(ControlStoreContract::countedUp);

        assertThat(first.generation()).isEqualTo(1);
        assertThat(second.generation()).isEqualTo(2);
        assertThat(second).isEqualTo(store.read());
        assertThat(count(second)).isEqualTo(2);
    }

    @Test
    void givesTheChangeWhatIsThereNow() {
        ControlStore one = client();
        ControlStore other = client();
        one.update(ControlStoreContract::countedUp);
        List<ControlDocument> given = new ArrayList<>();

        other.update(document -> {
            given.add(document);
            return countedUp(document);
        });

        assertThat(given.get(0).generation()).isEqualTo(1);
        assertThat(count(one.read())).isEqualTo(2);
    }

    @Test
    void theSameDocumentIsNoChange() {
        ControlStore store = client();
        store.update(ControlStoreContract::countedUp);
        Object stamp = store.stamp();

        ControlDocument document = store.update(it -> it);

        assertThat(document.generation()).isEqualTo(1);
        assertThat(store.stamp()).isEqualTo(stamp);
    }

    @Test
    void aChangeThatThrowsIsNone() {
        ControlStore store = client();
        ControlDocument before = store.update(ControlStoreContract::countedUp);
        RegistryException refusal = new RegistryException(RegistryException.Reason.CONFLICT, "refused");

        assertThatThrownBy(() -> store.update(document -> {
                    throw refusal;
                }))
                .isSameAs(refusal);

        assertThat(store.read()).isEqualTo(before);
        assertThat(count(store.update(ControlStoreContract::countedUp))).isEqualTo(2);
    }

    @Test
    void whatIsNoObjectIsRefused() {
        ControlStore store = client();
        ControlDocument before = store.update(ControlStoreContract::countedUp);

        for (String json : List.of("", "{", "[]", "null", "{\"a\":1,\"a\":2}")) {
            assertThatThrownBy(() -> store.update(document -> json(json))).isInstanceOf(RegistryException.class);
        }

        assertThat(store.read()).isEqualTo(before);
    }

    @Test
    void theStampTellsEveryClientOfAChange() {
        ControlStore writer = client();
        ControlStore reader = client();
        Object empty = reader.stamp();
        writer.update(ControlStoreContract::countedUp);
        Object first = reader.stamp();

        writer.update(ControlStoreContract::countedUp);

        assertThat(first).isNotEqualTo(empty);
        assertThat(reader.stamp()).isNotEqualTo(first).isEqualTo(reader.stamp());
    }

    @Test
    void manyThreadsOfManyClientsLoseNoChange() throws InterruptedException {
        List<ControlStore> stores = List.of(client(), client());

        Callers.run(4, caller -> {
            for (int i = 0; i < CHANGES; i++) {
                stores.get(caller % stores.size()).update(ControlStoreContract::countedUp);
            }
        });

        ControlDocument document = client().read();
        assertThat(document.generation()).isEqualTo(4 * CHANGES);
        assertThat(count(document)).isEqualTo(4 * CHANGES);
    }

    @Test
    void readersSeeOneDocumentAfterTheOther() throws InterruptedException {
        ControlStore reader = client();
        AtomicBoolean done = new AtomicBoolean();
        Callers readers = Callers.start(2, (caller, started) -> {
            long last = 0;
            started.run();
            while (!done.get()) {
                ControlDocument document = reader.read();
                assertThat(document.generation()).isGreaterThanOrEqualTo(last);
                assertThat(count(document)).isEqualTo(document.generation());
                last = document.generation();
            }
        });
        ControlStore writer = client();
        readers.awaitStarted();

        for (int i = 0; i < CHANGES; i++) {
            writer.update(ControlStoreContract::countedUp);
        }
        done.set(true);

        readers.join();
    }

    @Test
    void theDocumentStaysWhenTheStoreIsClosed() {
        ControlStore store = client();
        ControlDocument written = store.update(ControlStoreContract::countedUp);

        store.close();

        assertThat(client().read()).isEqualTo(written);
    }

    @Test
    void saysWhereItIs() {
        assertThat(client().place()).isNotBlank().isEqualTo(client().place());
    }
}
