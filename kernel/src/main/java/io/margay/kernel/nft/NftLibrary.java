package io.margay.kernel.nft;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The functions of libnftables that we call. */
final class NftLibrary {
  private static final String FILE = "libnftables.so.1";

  private static final int OUTPUT_JSON = 1 << 4;
  private static final int OUTPUT_NUMERIC = 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10;

  private static final int OUTPUT_TERSE = 1 << 11;

  /** A pointer to text whose length is not known before it is read. */
  private static final MemoryLayout STRING =
      ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, JAVA_BYTE));

  private final MethodHandle newContext;
  private final MethodHandle freeContext;
  private final MethodHandle setDryRun;
  private final MethodHandle setOutputFlags;
  private final MethodHandle bufferOutput;
  private final MethodHandle bufferError;
  private final MethodHandle output;
  private final MethodHandle error;
  private final MethodHandle run;

  private NftLibrary(SymbolLookup symbols) {
    newContext = find(symbols, "nft_ctx_new", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    freeContext = find(symbols, "nft_ctx_free", FunctionDescriptor.ofVoid(ADDRESS));
    setDryRun =
        find(symbols, "nft_ctx_set_dry_run", FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN));
    setOutputFlags =
        find(symbols, "nft_ctx_output_set_flags", FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT));
    bufferOutput = find(symbols, "nft_ctx_buffer_output", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    bufferError = find(symbols, "nft_ctx_buffer_error", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    output = find(symbols, "nft_ctx_get_output_buffer", FunctionDescriptor.of(STRING, ADDRESS));
    error = find(symbols, "nft_ctx_get_error_buffer", FunctionDescriptor.of(STRING, ADDRESS));
    run =
        find(symbols, "nft_run_cmd_from_buffer", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  }

  private static MethodHandle find(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), descriptor);
  }

  /** Empty when the machine does not have the library. */
  static Optional<NftLibrary> find() {
    return Holder.LIBRARY;
  }

  private static final class Holder {
    static final Optional<NftLibrary> LIBRARY = load();

    private static Optional<NftLibrary> load() {
      try {
        // Never unloaded: contexts live as long as the process likes.
        return Optional.of(new NftLibrary(SymbolLookup.libraryLookup(FILE, Arena.global())));
      } catch (IllegalArgumentException | NoSuchElementException e) {
        return Optional.empty();
      }
    }
  }

  /** A context whose output and errors are kept in memory. */
  MemorySegment open() {
    try {
      MemorySegment context = (MemorySegment) newContext.invokeExact(0);
      if (context.equals(MemorySegment.NULL)
          || (int) bufferOutput.invokeExact(context) != 0
          || (int) bufferError.invokeExact(context) != 0) {
        throw new NftException("libnftables has no memory for a context");
      }
      return context;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void free(MemorySegment context) {
    try {
      freeContext.invokeExact(context);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** Runs commands and returns what they print. */
  String run(MemorySegment context, String commands, boolean dryRun, Nftables.Format format) {
    try (Arena arena = Arena.ofConfined()) {
      setDryRun.invokeExact(context, dryRun);
      setOutputFlags.invokeExact(context, OUTPUT_NUMERIC | output(format));
      int failed = (int) run.invokeExact(context, arena.allocateFrom(commands));
      // Reading a buffer also empties it for the next run.
      String printed = ((MemorySegment) output.invokeExact(context)).getString(0);
      String report = ((MemorySegment) error.invokeExact(context)).getString(0);
      if (failed != 0) {
        throw NftException.refused(report);
      }
      return printed;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  private static int output(Nftables.Format format) {
    return switch (format) {
      case TEXT -> 0;
      case JSON -> OUTPUT_JSON;
      case TERSE_JSON -> OUTPUT_JSON | OUTPUT_TERSE;
    };
  }

  private static RuntimeException rethrown(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException(e);
    };
  }
}
