package dev.kitchen.onnx.official;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link LoadsRuntime} in two class loaders that share nothing but the JDK, as two web applications do. */
public final class LoadsInTwoClassLoaders {

    private LoadsInTwoClassLoaders() {}

    public static void main(String[] arguments) throws Exception {
        URL[] classPath = classPath();
        List<URLClassLoader> open = new ArrayList<>();
        for (int index = 0; index < 2; index++) {
            URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader());
            open.add(loader);
            var main =
                    Class.forName(LoadsRuntime.class.getName(), true, loader).getDeclaredMethod("main", String[].class);
            main.setAccessible(true);
            main.invoke(null, (Object) new String[0]);
        }
        System.out.println("loaders=" + open.size());
        if (arguments.length > 0 && arguments[0].equals("wait")) {
            System.in.read();
        }
    }

    private static URL[] classPath() throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            urls.add(Path.of(entry).toUri().toURL());
        }
        return urls.toArray(URL[]::new);
    }
}
