/*
 * What ONNX Runtime's C API costs a C program: the floor that no binding gets below.
 * Arguments: the library, the model, the shape of its input (such as 1,784), the columns of its output, seconds per repetition.
 * Prints a line of JSON per way: nanoseconds per operation, one figure per repetition.
 *
 * No header of ONNX Runtime is needed: its API is a table of functions that only grows at its end, so each function
 * is called by its position, counted from 1.
 */
#include <dlfcn.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define API_VERSION 23
#define REPETITIONS 5
#define BLOCK 500

typedef void *Handle;
typedef struct {
    const void *(*get_api)(uint32_t version);
    const char *(*version)(void);
} ApiBase;

static void *const *api;
#define FUNCTION(position) api[(position) - 1]

static void check(Handle status) {
    if (status != NULL) {
        fprintf(stderr, "floor: %s\n", ((const char *(*)(Handle)) FUNCTION(3))(status));
        exit(1);
    }
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e9 + time.tv_nsec;
}

static Handle session, input, output, binding;
static float *row, *in, *out, *answer;
static int64_t input_shape[8], output_shape[2] = {1, 0};
static size_t rank, numbers, outputs;

static void run(void) {
    const char *input_name = "input", *output_name = "probabilities";
    check(((Handle(*)(Handle, Handle, const char *const *, const Handle *, size_t, const char *const *, size_t,
                      Handle *)) FUNCTION(10))(session, NULL, &input_name, &input, 1, &output_name, 1, &output));
}

static void run_with_binding(void) {
    check(((Handle(*)(Handle, Handle, Handle)) FUNCTION(134))(session, NULL, binding));
}

/* Writes a row, runs, reads the answer: what the Java callers do. */
static void measure(const char *name, void (*way)(void), double seconds) {
    printf("{\"way\": \"%s\", \"nanos\": [", name);
    for (int repetition = -1; repetition < REPETITIONS; repetition++) {
        long count = 0;
        double start = now(), end = start;
        while (end - start < seconds * 1e9) {
            for (int i = 0; i < BLOCK; i++) {
                memcpy(in, row, numbers * sizeof(float));
                way();
                memcpy(answer, out, outputs * sizeof(float));
            }
            count += BLOCK;
            end = now();
        }
        if (repetition >= 0) {
            printf("%s%.2f", repetition == 0 ? "" : ", ", (end - start) / count);
        }
    }
    printf("]}\n");
}

static Handle tensor(Handle info, float *data, size_t count, const int64_t *shape, size_t dimensions) {
    Handle value;
    check(((Handle(*)(Handle, void *, size_t, const int64_t *, size_t, int, Handle *)) FUNCTION(50))(
            info, data, count * sizeof(float), shape, dimensions, 1, &value));
    return value;
}

static void read_shape(char *text) {
    numbers = 1;
    for (char *part = strtok(text, ","); part != NULL && rank < 8; part = strtok(NULL, ",")) {
        input_shape[rank] = atol(part);
        numbers *= (size_t) input_shape[rank++];
    }
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "usage: floor <library> <model> <shape> <outputs> <seconds>\n");
        return 2;
    }
    void *library = dlopen(arguments[1], RTLD_NOW);
    if (library == NULL) {
        fprintf(stderr, "floor: %s\n", dlerror());
        return 1;
    }
    const ApiBase *base = ((const ApiBase *(*) (void) ) dlsym(library, "OrtGetApiBase"))();
    api = base->get_api(API_VERSION);
    read_shape(arguments[3]);
    outputs = (size_t) atol(arguments[4]);
    output_shape[1] = (int64_t) outputs;
    row = malloc(numbers * sizeof(float));
    in = aligned_alloc(64, (numbers * sizeof(float) + 63) / 64 * 64);
    out = aligned_alloc(64, (outputs * sizeof(float) + 63) / 64 * 64);
    answer = malloc(outputs * sizeof(float));
    for (size_t i = 0; i < numbers; i++) {
        row[i] = (float) sin((double) i + 1);
    }

    Handle environment, options, info;
    check(((Handle(*)(int, const char *, Handle *)) FUNCTION(4))(4, "floor", &environment));
    check(((Handle(*)(Handle *)) FUNCTION(11))(&options));
    check(((Handle(*)(Handle, int)) FUNCTION(25))(options, 1));
    check(((Handle(*)(Handle, const char *, Handle, Handle *)) FUNCTION(8))(
            environment, arguments[2], options, &session));
    check(((Handle(*)(int, int, Handle *)) FUNCTION(70))(1, 0, &info));
    input = tensor(info, in, numbers, input_shape, rank);
    output = tensor(info, out, outputs, output_shape, 2);
    check(((Handle(*)(Handle, Handle *)) FUNCTION(135))(session, &binding));
    check(((Handle(*)(Handle, const char *, Handle)) FUNCTION(137))(binding, "input", input));
    check(((Handle(*)(Handle, const char *, Handle)) FUNCTION(138))(binding, "probabilities", output));

    double seconds = atof(arguments[5]);
    measure("Run", run, seconds);
    measure("RunWithBinding", run_with_binding, seconds);
    return 0;
}
