package dev.kitchen.onnx.foreign;

/** A C function of ONNX Runtime answered with a status that is not "well". */
final class CallFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    /** ONNX Runtime's code for arguments that do not fit. */
    static final int INVALID_ARGUMENT = 2;

    private final int code;

    CallFailedException(int code, String message) {
        super(message);
        this.code = code;
    }

    int code() {
        return code;
    }
}
