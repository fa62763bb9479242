package dev.kitchen.onnx.natives;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/**
 * A directory that only this user can write, on a file system that code may be run from: otherwise someone else could
 * plant a library there, or none could be loaded. Where files have no POSIX permissions (Windows), the user's profile
 * guards it.
 */
final class PrivateDirectory {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PrivateDirectory() {}

    /**
     * Creates the directory if need be, and checks it.
     *
     * @throws FileSystemException whose reason says in one line why the directory cannot be used
     */
    static Path checked(Path directory) throws IOException {
        if (!directory.isAbsolute()) {
            throw new FileSystemException(directory.toString(), null, "is not an absolute path");
        }
        Path real = create(directory).toRealPath();
        if (!hasPosix(real)) {
            return real;
        }
        Path probe = Files.createTempFile(real, ".probe", null, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            checkOwner(real, Files.getOwner(probe));
            checkNobodyElseWrites(real);
            // access(2) answers for the mount too, even to root: no need to load a library to learn it is noexec.
            if (!Files.isExecutable(probe)) {
                throw new FileSystemException(real.toString(), null, "is mounted noexec, so no library loads from it");
            }
        } finally {
            Files.delete(probe);
        }
        return real;
    }

    private static void checkOwner(Path directory, UserPrincipal user) throws IOException {
        UserPrincipal owner = Files.getOwner(directory);
        if (!owner.equals(user)) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "belongs to " + owner.getName() + ", not to " + user.getName()
                            + ", who could plant a library there; name a directory of your own");
        }
    }

    private static void checkNobodyElseWrites(Path directory) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(directory);
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new FileSystemException(
                    directory.toString(),
                    null,
                    "is " + PosixFilePermissions.toString(permissions)
                            + ", so others could plant a library there; run chmod 700 on it");
        }
    }

    /** With all its missing parents, for this user only. */
    static Path create(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return directory;
        }
        FileAttribute<?>[] attributes = hasPosix(directory)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        return Files.createDirectories(directory, attributes);
    }

    static void makeReadAndExecuteOnly(Path file) throws IOException {
        if (hasPosix(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-x------"));
        }
    }

    static boolean isOwnedBySameUser(Path one, Path other) throws IOException {
        return Files.getOwner(one, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(other, LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean hasPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
