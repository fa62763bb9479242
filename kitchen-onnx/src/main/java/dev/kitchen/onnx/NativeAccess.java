package dev.kitchen.onnx;

/** The JVM's permission to call native code, which it gives module by module. */
final class NativeAccess {

    private NativeAccess() {}

    /** What to say where the module of a class does not have it: with the flag that gives it. */
    static String denied(Class<?> caller) {
        Module module = caller.getModule();
        return "the JVM denies native access; start it with --enable-native-access="
                + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
    }
}
