package dev.kitchen.store;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The default file system, which also writes down in what order files and directories are written, forced to the disk and
 * moved. Paths that belong to it have a {@link RecordingPath}.
 */
final class RecordingFileSystem extends FileSystemProvider {

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Path root;
    private final FileSystem fileSystem;
    private volatile boolean garbles;

    RecordingFileSystem(Path root) {
        this.root = root.toAbsolutePath().normalize();
        this.fileSystem = new Recorded();
    }

    /** The root of what is recorded. */
    Path path() {
        return wrap(root);
    }

    /** From now on what is written to temporary documents comes back with another last byte. */
    void garble() {
        garbles = true;
    }

    /** {@code write}, {@code force} and {@code move} with paths relative to the root, in order. */
    List<String> events() {
        return List.copyOf(events);
    }

    Path wrap(Path path) {
        return RecordingPath.of(path, fileSystem, this);
    }

    static Path unwrap(Path path) {
        if (RecordingPath.unwrap(path) instanceof Path real) {
            return real;
        }
        throw new ProviderMismatchException();
    }

    private void note(String event, Path path) {
        events.add(event + " " + name(path));
    }

    private String name(Path path) {
        return root.relativize(path.toAbsolutePath().normalize())
                .toString()
                .replaceAll("[0-9a-f]{16}-[0-9]+-[0-9a-f-]+", "*")
                .replaceAll("\\.[0-9]+\\.[0-9]+\\.[0-9a-f]+\\.tmp", ".*.tmp");
    }

    private FileSystemProvider real() {
        return root.getFileSystem().provider();
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path target = unwrap(path);
        return new Channel(real().newFileChannel(target, options, attributes), target);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        real().move(unwrap(source), unwrap(target), options);
        events.add("move " + name(unwrap(source)) + " -> " + name(unwrap(target)));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        real().copy(unwrap(source), unwrap(target), options);
        note("write", unwrap(target));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path directory, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> stream = real().newDirectoryStream(unwrap(directory), it -> filter.accept(wrap(it)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> paths = stream.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return paths.hasNext();
                    }

                    @Override
                    public Path next() {
                        return wrap(paths.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                stream.close();
            }
        };
    }

    @Override
    public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
        real().createDirectory(unwrap(directory), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
        real().delete(unwrap(path));
    }

    @Override
    public boolean isSameFile(Path one, Path other) throws IOException {
        return real().isSameFile(unwrap(one), unwrap(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real().isHidden(unwrap(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real().getFileStore(unwrap(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real().checkAccess(unwrap(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(Path path, Class<V> type, LinkOption... options) {
        return real().getFileAttributeView(unwrap(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return real().readAttributes(unwrap(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return real().readAttributes(unwrap(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        real().setAttribute(unwrap(path), attribute, value, options);
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return wrap(real().readSymbolicLink(unwrap(link)));
    }

    @Override
    public String getScheme() {
        return "recording";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return fileSystem;
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException();
    }

    /** A channel that says when it is forced. */
    private final class Channel extends FileChannel {

        private final FileChannel channel;
        private final Path path;

        Channel(FileChannel channel, Path path) {
            this.channel = channel;
            this.path = path;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            channel.force(metaData);
            note("force", path);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            note("write", path);
            if (garbles && path.toString().endsWith(".tmp") && source.remaining() > 1) {
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                bytes[bytes.length - 1] = ' ';
                return channel.write(ByteBuffer.wrap(bytes));
            }
            return channel.write(source);
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            return channel.read(target);
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
            return channel.read(targets, offset, length);
        }

        @Override
        public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
            note("write", path);
            return channel.write(sources, offset, length);
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
            channel.position(position);
            return this;
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            channel.truncate(size);
            return this;
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
            return channel.transferTo(position, count, target);
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) throws IOException {
            return channel.transferFrom(source, position, count);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            return channel.write(source, position);
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
            return channel.map(mode, position, size);
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) throws IOException {
            return channel.lock(position, size, shared);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
            return channel.tryLock(position, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            channel.close();
        }
    }

    /** The file system of the recorded paths. */
    private final class Recorded extends FileSystem {

        @Override
        public FileSystemProvider provider() {
            return RecordingFileSystem.this;
        }

        @Override
        public void close() {}

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public String getSeparator() {
            return root.getFileSystem().getSeparator();
        }

        @Override
        public Iterable<Path> getRootDirectories() {
            return List.of(wrap(root.getRoot()));
        }

        @Override
        public Iterable<FileStore> getFileStores() {
            return root.getFileSystem().getFileStores();
        }

        @Override
        public Set<String> supportedFileAttributeViews() {
            return root.getFileSystem().supportedFileAttributeViews();
        }

        @Override
        public Path getPath(String first, String... more) {
            return wrap(root.getFileSystem().getPath(first, more));
        }

        @Override
        public PathMatcher getPathMatcher(String syntaxAndPattern) {
            PathMatcher matcher = root.getFileSystem().getPathMatcher(syntaxAndPattern);
            return path -> matcher.matches(unwrap(path));
        }

        @Override
        public UserPrincipalLookupService getUserPrincipalLookupService() {
            return root.getFileSystem().getUserPrincipalLookupService();
        }

        @Override
        public WatchService newWatchService() throws IOException {
            return root.getFileSystem().newWatchService();
        }
    }
}
