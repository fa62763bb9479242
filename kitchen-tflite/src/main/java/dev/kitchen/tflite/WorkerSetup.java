package dev.kitchen.tflite;

import dev.kitchen.tensor.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a worker process is told first: the model to run, and how. The model's bytes are kept for that: a process may
 * have to be replaced when the file is elsewhere or gone.
 */
record WorkerSetup(Path model, FlatFile content, TfliteOptions options) {

    void write(DataOutputStream out) throws IOException {
        out.writeUTF(model.toString());
        out.writeInt(content.size());
        out.write(content.bytes());
        out.writeInt(options.threads());
        out.writeBoolean(options.xnnpack());
        out.writeUTF(options.signatureKey());
        out.writeInt(options.inputShapes().size());
        for (Map.Entry<String, Shape> entry : options.inputShapes().entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeBoolean(entry.getValue().isRankKnown());
            Wire.writeShape(out, entry.getValue());
        }
        out.flush();
    }

    static WorkerSetup read(DataInputStream in) throws IOException {
        Path model = Path.of(in.readUTF());
        FlatFile content = new FlatFile(model, in.readNBytes(in.readInt()));
        TfliteOptions.Builder options = TfliteOptions.builder()
                .threads(in.readInt())
                .xnnpack(in.readBoolean())
                .signatureKey(in.readUTF());
        int shapes = in.readInt();
        for (int i = 0; i < shapes; i++) {
            String name = in.readUTF();
            boolean known = in.readBoolean();
            Shape shape = Wire.readShape(in);
            options.inputShape(name, known ? shape : Shape.UNKNOWN);
        }
        return new WorkerSetup(model, content, options.build());
    }
}
