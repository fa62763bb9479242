package dev.kitchen.onnx;

import java.io.File;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Deploys an application with Kitchen again and again, each time in a class loader of its own, as a web container does,
 * and counts the class loaders that stay in memory. Arguments: the model, the API, how often.
 */
final class RedeploysKitchen {

    private static final int COLLECTIONS = 20;

    private RedeploysKitchen() {}

    public static void main(String[] arguments) throws Exception {
        List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            loaders.add(deploy(arguments));
        }
        for (int i = 0; i < COLLECTIONS && alive(loaders) > 0; i++) {
            System.gc();
        }
        System.out.println("alive=" + alive(loaders));
    }

    private static long alive(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream().filter(it -> it.get() != null).count();
    }

    /** On a thread of its own, so that nothing of the container's thread refers to the application. */
    private static WeakReference<ClassLoader> deploy(String[] arguments) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
            Method main = Class.forName(RedeployedApplication.class.getName(), true, loader)
                    .getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            Thread thread = new Thread(() -> {
                try {
                    main.invoke(null, (Object) arguments);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            });
            thread.setContextClassLoader(loader);
            thread.start();
            thread.join();
            return new WeakReference<>(loader);
        }
    }

    private static URL[] classPath() throws Exception {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
