package dev.kitchen.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** A path of a {@link RecordingFileSystem}: all it does is done by a real path, and what comes of it is wrapped again. */
final class RecordingPath implements InvocationHandler {

    private final Path real;
    private final FileSystem fileSystem;
    private final RecordingFileSystem provider;

    private RecordingPath(Path real, FileSystem fileSystem, RecordingFileSystem provider) {
        this.real = real;
        this.fileSystem = fileSystem;
        this.provider = provider;
    }

    static Path of(Path real, FileSystem fileSystem, RecordingFileSystem provider) {
        return (Path) Proxy.newProxyInstance(
                RecordingPath.class.getClassLoader(),
                new Class<?>[] {Path.class},
                new RecordingPath(real, fileSystem, provider));
    }

    /** The real path of one of these; other objects as they are. */
    static Object unwrap(Object object) {
        return object instanceof Path && Proxy.isProxyClass(object.getClass())
                ? ((RecordingPath) Proxy.getInvocationHandler(object)).real
                : object;
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("getFileSystem")) {
            return fileSystem;
        }
        Object[] real = arguments == null ? new Object[0] : arguments.clone();
        for (int i = 0; i < real.length; i++) {
            real[i] = unwrap(real[i]);
        }
        try {
            return wrapped(method.invoke(this.real, real));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Object wrapped(Object result) {
        if (result instanceof Path path) {
            return provider.wrap(path);
        } else if (result instanceof Iterator<?> names) {
            List<Path> all = new ArrayList<>();
            names.forEachRemaining(it -> all.add(provider.wrap((Path) it)));
            return all.iterator();
        }
        return result;
    }
}
