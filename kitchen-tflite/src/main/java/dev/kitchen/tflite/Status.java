package dev.kitchen.tflite;

import org.bytedeco.tensorflowlite.global.tensorflowlite;

/** What TensorFlow Lite's functions return. Its words go to the standard error: its C++ interface keeps them there. */
final class Status {

    static final int CANCELLED = 8;

    private Status() {}

    static boolean isOk(int status) {
        return status == tensorflowlite.kTfLiteOk;
    }

    static String text(int status) {
        return switch (status) {
            case 1 -> "status 1, error; its reason is on the standard error";
            case 2 -> "status 2, delegate error";
            case 3 -> "status 3, application error";
            case 7 -> "status 7, unresolved operators";
            case 8 -> "status 8, cancelled";
            default -> "status " + status;
        };
    }
}
