package dev.kitchen.onnx.natives;

/** The permission to call native code, which the JVM grants to modules. */
public final class NativeAccess {

    private NativeAccess() {}

    /** Returns the message for a class whose module lacks the permission, with the flag that grants it. */
    public static String denied(Class<?> caller) {
        Module module = caller.getModule();
        return "the JVM denies native access; start it with --enable-native-access="
                + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }
}
