package dev.kitchen.tflite;

import dev.kitchen.error.InvalidRequestException;
import dev.kitchen.spi.RunContext;
import dev.kitchen.tensor.NamedValues;
import dev.kitchen.tensor.Value;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The main class of a process that runs one model for another process, which asks through its standard streams. */
final class IsolatedWorker {

    private record Question(NamedValues inputs, List<String> outputs) {}

    private final DataInputStream in;
    private final DataOutputStream out;

    private IsolatedWorker(DataInputStream in, DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        new IsolatedWorker(in, out).serve();
    }

    private void serve() throws IOException {
        ModelPlan plan;
        NativeModel model;
        TfliteFrame frame;
        try {
            WorkerSetup setup = WorkerSetup.read(in);
            TfliteFile file = TfliteFile.of(setup.model(), setup.content(), false);
            TfliteLibrary.require();
            plan = ModelPlan.of(file, setup.options());
            model = new NativeModel(file, setup.options());
            frame = new TfliteFrame(model, plan);
        } catch (RuntimeException e) {
            answer(Wire.FAILED, String.valueOf(e.getMessage()));
            return;
        }
        answer(Wire.OK, "");
        while (true) {
            Question question = nextQuestion(plan);
            if (question == null) {
                return;
            }
            boolean answered = serve(question, frame);
            out.flush();
            if (!answered) {
                frame.free();
                frame = new TfliteFrame(model, plan);
            }
        }
    }

    private void answer(byte status, String text) throws IOException {
        out.writeByte(status);
        Wire.writeText(out, text);
        out.flush();
    }

    /** Null where none will come. */
    private @Nullable Question nextQuestion(ModelPlan plan) throws IOException {
        try {
            List<String> names = new ArrayList<>();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                names.add(plan.outputs().get(in.readInt()).name());
            }
            Value[] inputs = new Value[plan.inputs().size()];
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = Wire.readTensor(in, plan.inputs().get(i));
            }
            List<String> inputNames = plan.inputs().stream().map(Port::name).toList();
            return new Question(NamedValues.of(inputNames, inputs), names);
        } catch (EOFException e) {
            return null;
        }
    }

    /** False where the run failed, and its interpreter is not to be used again. */
    private boolean serve(Question question, TfliteFrame frame) throws IOException {
        NamedValues values;
        try {
            values = frame.run(question.inputs(), question.outputs(), RunContext.unstoppable());
        } catch (RuntimeException e) {
            answer(e instanceof InvalidRequestException ? Wire.REFUSED : Wire.FAILED, String.valueOf(e.getMessage()));
            return false;
        }
        out.writeByte(Wire.OK);
        Wire.writeText(out, "");
        for (String name : question.outputs()) {
            Wire.writeTensor(out, values.tensor(name));
        }
        return true;
    }
}
