package dev.kitchen.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kitchen.spi.ControlDocument;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** No change is lost, whoever makes it: threads, class loaders, processes. */
class ManyWritersTest {

    @TempDir
    Path root;

    @Test
    void fourProcessesLoseNoChange() throws Exception {
        countInProcesses(25);
    }

    @Test
    @Tag("proof")
    @Timeout(600)
    void fourProcessesMakeExactlyAThousandGenerations() throws Exception {
        countInProcesses(250);
    }

    private void countInProcesses(int times) throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            children.add(ChildJvm.start(CountsUp.class, root, times));
        }
        for (ChildJvm child : children) {
            assertThat(child.await()).isZero();
        }

        requireCount(4L * times);
    }

    private void requireCount(long expected) {
        ControlDocument document = FileControlStore.in(root).read();
        assertThat(document.generation()).isEqualTo(expected);
        assertThat(CountsUp.count(document)).isEqualTo(expected);
    }

    @Test
    void classLoadersAndProcessesLoseNoChange() throws Exception {
        List<Thread> threads = new ArrayList<>();
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Runnable stranger = (Runnable) loader.loadClass(CountsUp.class.getName())
                    .getConstructor(Path.class, int.class)
                    .newInstance(root, 20);
            assertThat(stranger).isNotInstanceOf(CountsUp.class);
            for (Runnable work : List.of(stranger, new CountsUp(root, 20), new CountsUp(root, 20))) {
                threads.add(new Thread(work));
            }
            try (ChildJvm child = ChildJvm.start(CountsUp.class, root, 40)) {
                threads.forEach(Thread::start);
                for (Thread thread : threads) {
                    thread.join();
                }
                assertThat(child.await()).isZero();
            }
        }

        requireCount(100);
        assertThat(System.getProperties().stringPropertyNames()).noneMatch(it -> it.contains(root.toString()));
    }

    private static URL[] classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(ManyWritersTest::url)
                .toArray(URL[]::new);
    }

    private static URL url(String path) {
        try {
            return Path.of(path).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    @Test
    void anInterruptedWriterFinishesItsWrite() throws Exception {
        Set<WriteStep> interruptedAt = EnumSet.noneOf(WriteStep.class);
        FileControlStore store = FileControlStore.in(root, Duration.ofSeconds(10), Clock.systemUTC(), step -> {
            if (interruptedAt.add(step)) {
                Thread.currentThread().interrupt();
            }
        });
        Thread writer = new Thread(() -> {
            Thread.currentThread().interrupt();
            store.update(document -> new ControlDocument(0, "{\"a\": 1}"));
            store.update(document -> new ControlDocument(0, "{\"a\": 2}"));
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        });
        List<Throwable> failures = new ArrayList<>();
        writer.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        writer.start();
        writer.join();

        assertThat(failures).isEmpty();
        assertThat(FileControlStore.in(root).read().generation()).isEqualTo(2);
    }
}
