package dev.kitchen.codec;

import dev.kitchen.tensor.ModelSignature;
import dev.kitchen.tensor.NamedValues;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * How a Java value becomes a model's inputs. Immutable.
 *
 * <p>A record's components are matched with inputs of their name, exact or but for upper case, {@code _}, {@code -} and
 * spaces. Where the model takes one matrix, its columns are matched so if its metadata names them ({@code
 * kitchen.features} or {@code feature_names}) or its bundle does ({@code features}); if not, {@link #inDeclarationOrder()} says that components stand in the
 * columns' order.
 *
 * <p>Components may be of every primitive type but {@code char}, and {@code String}. A {@code float} goes into FLOAT or
 * DOUBLE, a {@code double} into DOUBLE, an integer into every number type that holds its value (looked at in each call),
 * a {@code boolean} into BOOL, or as 0 or 1 into numbers, a {@code String} into STRING.
 */
public final class Features<I> {

    private final Source<I> source;

    private Features(Source<I> source) {
        this.source = source;
    }

    /** The features of a record, which may be private: matched by name. */
    public static <R extends Record> Features<R> of(Class<R> type) {
        return new Features<>(RecordBinding.of(type));
    }

    /** One row of numbers in the order of the columns of the model's one FLOAT matrix. */
    public static Features<float[]> ofRow() {
        return new Features<>(new RowBinding());
    }

    /**
     * PNG or JPEG pictures for a model with one input for them. Where that is quantised and the images are neither {@link
     * Images#bytes} nor {@link Images#quantized}, they become the integers that the model's file says.
     */
    public static Features<byte[]> ofPicture(Images images) {
        return new Features<>(new PictureBinding<>(images, "PNG or JPEG", Images::encode));
    }

    /** Files of pictures. See {@link #ofPicture}. */
    public static Features<Path> ofPictureFile(Images images) {
        return new Features<>(new PictureBinding<>(images, "a file of PNG or JPEG", Images::encode));
    }

    /** Pictures in Base64, with or without {@code data:image/png;base64,} in front. See {@link #ofPicture}. */
    public static Features<String> ofBase64Picture(Images images) {
        return new Features<>(new PictureBinding<>(images, "PNG or JPEG in Base64", Images::encodeBase64));
    }

    /** Pictures in memory. See {@link #ofPicture}. */
    public static Features<BufferedImage> ofImage(Images images) {
        return new Features<>(new PictureBinding<>(images, "an image", Images::encode));
    }

    /**
     * What a model's metadata calls the columns of its one matrix, in their order; empty where it says nothing.
     *
     * @param metadata what else the model's file, or its bundle, says
     */
    public static List<String> columnNames(Map<String, String> metadata) {
        return FeatureNames.in(metadata).orElse(List.of());
    }

    /** These features where the components stand in the order of the columns of the model's one matrix. */
    public Features<I> inDeclarationOrder() {
        return new Features<>(source.inDeclarationOrder());
    }

    /**
     * Finds each feature its place in a model.
     *
     * @param metadata what else the model's file says
     * @throws dev.kitchen.error.ConfigurationException naming every feature without a place and every input without a
     *     feature
     */
    public Encoder<I> bind(ModelSignature signature, Map<String, String> metadata) {
        return source.bind(signature, metadata);
    }

    /** Features bound to one model. Immutable; owns what it returns. */
    public sealed interface Encoder<I> permits PictureEncoder, RecordEncoder, RowEncoder {

        /**
         * The inputs for one item, as one row.
         *
         * @throws dev.kitchen.error.InvalidRequestException naming the feature whose value the model cannot take
         */
        NamedValues encode(I item);

        /** The inputs for several items, a row each, in their order. See {@link #encode}. */
        NamedValues encodeAll(List<I> items);

        /** Whether the model takes several rows at once. */
        boolean takesManyRows();

        /** One line per feature: where it goes. */
        List<String> describe();
    }

    /** A kind of features. */
    sealed interface Source<I> permits PictureBinding, RecordBinding, RowBinding {

        Source<I> inDeclarationOrder();

        Encoder<I> bind(ModelSignature signature, Map<String, String> metadata);
    }
}
