package dev.kitchen.codec;

import dev.kitchen.error.ConfigurationException;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Makes the getters of a record's components, private records included: a class per getter, as the compiler makes one
 * for a method reference. The interfaces are the JDK's, because the record's class loader may not see ours.
 */
final class Accessors {

    private final Class<?> record;
    private final Lookup lookup;

    Accessors(Class<?> record) {
        this.record = record;
        Accessors.class.getModule().addReads(record.getModule());
        try {
            this.lookup = MethodHandles.privateLookupIn(record, MethodHandles.lookup());
        } catch (IllegalAccessException e) {
            throw denied(e);
        }
    }

    private ConfigurationException denied(IllegalAccessException cause) {
        return new ConfigurationException(
                "record " + record.getName() + " is closed to Kitchen, expected 'opens " + record.getPackageName()
                        + " to dev.kitchen;' in the module-info of " + record.getModule(),
                cause);
    }

    Component component(RecordComponent component) {
        String name = component.getName();
        Class<?> type = component.getType();
        if (type == String.class) {
            return new Component.Text(name, type, text(handle(component)));
        }
        if (type == boolean.class) {
            return new Component.Flag(name, type, flag(handle(component)));
        }
        if (type == float.class || type == double.class) {
            return new Component.Fraction(name, type, fraction(handle(component)));
        }
        return type.isPrimitive() && type != char.class
                ? new Component.Whole(name, type, whole(handle(component)))
                : new Component.Unsupported(name, type);
    }

    private MethodHandle handle(RecordComponent component) {
        try {
            return lookup.unreflect(component.getAccessor());
        } catch (IllegalAccessException e) {
            throw denied(e);
        }
    }

    @SuppressWarnings("unchecked") // the lambda takes any object and casts it to the record
    private ToDoubleFunction<Object> fraction(MethodHandle accessor) {
        if (lookup.hasFullPrivilegeAccess()) {
            return (ToDoubleFunction<Object>) lambda(ToDoubleFunction.class, "applyAsDouble", double.class, accessor);
        }
        MethodHandle getter = accessor.asType(MethodType.methodType(double.class, Object.class));
        return it -> {
            try {
                return (double) getter.invokeExact(it);
            } catch (Throwable e) {
                throw rethrown(e);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private ToLongFunction<Object> whole(MethodHandle accessor) {
        if (lookup.hasFullPrivilegeAccess()) {
            return (ToLongFunction<Object>) lambda(ToLongFunction.class, "applyAsLong", long.class, accessor);
        }
        MethodHandle getter = accessor.asType(MethodType.methodType(long.class, Object.class));
        return it -> {
            try {
                return (long) getter.invokeExact(it);
            } catch (Throwable e) {
                throw rethrown(e);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private Predicate<Object> flag(MethodHandle accessor) {
        if (lookup.hasFullPrivilegeAccess()) {
            return (Predicate<Object>) lambda(Predicate.class, "test", boolean.class, accessor);
        }
        MethodHandle getter = accessor.asType(MethodType.methodType(boolean.class, Object.class));
        return it -> {
            try {
                return (boolean) getter.invokeExact(it);
            } catch (Throwable e) {
                throw rethrown(e);
            }
        };
    }

    @SuppressWarnings("unchecked")
    private Function<Object, Object> text(MethodHandle accessor) {
        if (lookup.hasFullPrivilegeAccess()) {
            return (Function<Object, Object>) lambda(Function.class, "apply", Object.class, accessor);
        }
        MethodHandle getter = accessor.asType(MethodType.methodType(Object.class, Object.class));
        return it -> {
            try {
                return (Object) getter.invokeExact(it);
            } catch (Throwable e) {
                throw rethrown(e);
            }
        };
    }

    /** Needs a lookup with all rights, which a record of another module does not give. */
    private Object lambda(Class<?> function, String method, Class<?> result, MethodHandle accessor) {
        MethodType erased = MethodType.methodType(result, Object.class);
        try {
            return LambdaMetafactory.metafactory(
                            lookup,
                            method,
                            MethodType.methodType(function),
                            erased,
                            accessor,
                            lambdaType(accessor, result))
                    .getTarget()
                    .invoke();
        } catch (Throwable e) {
            throw rethrown(e);
        }
    }

    private static MethodType lambdaType(MethodHandle accessor, Class<?> result) {
        return accessor.type().changeReturnType(result);
    }

    /** Accessors declare no checked exceptions. */
    private static ConfigurationException rethrown(Throwable e) {
        if (e instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new ConfigurationException("a record's component cannot be read: " + e, e);
    }
}
