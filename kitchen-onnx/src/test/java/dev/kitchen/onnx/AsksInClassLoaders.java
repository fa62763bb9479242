package dev.kitchen.onnx;

import dev.kitchen.onnx.natives.MappedLibraries;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks in class loaders that share nothing but the JDK, as web applications do: first one after the other, then all at
 * once. Arguments: the model, and the API of each class loader; {@code sweep} deletes the mapped library's file, as the
 * sweep of another JVM may. The first thread's context is another class loader, with a Kitchen of its own.
 */
final class AsksInClassLoaders {

    private static final int ROUNDS = 5;

    private AsksInClassLoaders() {}

    public static void main(String[] arguments) throws Exception {
        URL[] classPath = classPath();
        List<URLClassLoader> open = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].equals("sweep")) {
                sweep();
                continue;
            }
            URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
            open.add(loader);
            String[] ownArguments = {arguments[0], arguments[i]};
            ask(loader, ownArguments);
            threads.add(new Thread(() -> askAgain(loader, ownArguments)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.println("loaders=" + open.size());
    }

    private static void sweep() throws IOException {
        Files.delete(MappedLibraries.find("libonnxruntime.so").orElseThrow().file());
    }

    private static void askAgain(ClassLoader loader, String[] arguments) {
        Thread.currentThread().setContextClassLoader(loader);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                ask(loader, arguments);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void ask(ClassLoader loader, String[] arguments) throws ReflectiveOperationException {
        Method main = Class.forName(AsksOnce.class.getName(), true, loader).getDeclaredMethod("main", String[].class);
        main.setAccessible(true);
        main.invoke(null, (Object) arguments);
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
