package io.margay.bench.gateway;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends one request over and over, on some connections that stay open, at a fixed rate. The time of
 * a call runs from when it was due, so that a server that stalls is charged for all that had to
 * wait. Reads HTTP/1.1 with a length or in chunks, and nothing else: it is to cost little.
 */
final class PacedLoad {
  private static final long SECOND = 1_000_000_000;
  private static final String LENGTH = "content-length:";
  private static final String CHUNKED = "transfer-encoding: chunked";
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Connector connector;
  private final byte[] request;
  private final int connections;

  /** Opens a connection to a contender. */
  @FunctionalInterface
  interface Connector {
    Socket connect() throws IOException;
  }

  PacedLoad(Connector connector, byte[] request, int connections) {
    this.connector = connector;
    this.request = request.clone();
    this.connections = connections;
  }

  /**
   * What came out.
   *
   * @param nanos of each call, sorted
   * @param seconds that it took
   * @param cpuSeconds that the whole process computed meanwhile: load, gateway and tool server
   */
  record Result(long[] nanos, double seconds, double cpuSeconds) {
    double cpuMicrosPerCall() {
      return cpuSeconds * 1e6 / nanos.length;
    }

    double perSecond() {
      return nanos.length / seconds;
    }

    /** In milliseconds; part from 0 to 1. */
    double millis(double part) {
      return nanos[(int) Math.min(nanos.length - 1L, Math.round(part * (nanos.length - 1)))] / 1e6;
    }
  }

  /**
   * Runs.
   *
   * @param perSecond over all connections; 0 for as fast as answers come
   */
  Result run(double perSecond, double seconds) throws IOException, InterruptedException {
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime() + SECOND / 10;
    long end = start + (long) (seconds * SECOND);
    List<Future<long[]>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        long gap = perSecond == 0 ? 0 : (long) (connections * SECOND / perSecond);
        long first = start + gap * i / connections;
        all.add(threads.submit(() -> call(first, gap, end)));
      }
      List<long[]> parts = new ArrayList<>();
      for (Future<long[]> one : all) {
        parts.add(one.get());
      }
      double took = (System.nanoTime() - start) / 1e9;
      long[] nanos = parts.stream().flatMapToLong(Arrays::stream).sorted().toArray();
      return new Result(nanos, took, (PROCESS.getProcessCpuTime() - cpu) / 1e9);
    } catch (ExecutionException e) {
      throw new IOException("the load failed: " + e.getCause(), e);
    }
  }

  private long[] call(long first, long gap, long end) throws IOException {
    long[] nanos = new long[1024];
    int count = 0;
    try (Socket socket = connector.connect()) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      AnswerReader in = new AnswerReader(socket.getInputStream());
      for (long due = first; due < end; due = gap == 0 ? System.nanoTime() : due + gap) {
        long early = due - System.nanoTime();
        if (early > 0) {
          LockSupport.parkNanos(early);
        }
        out.write(request);
        out.flush();
        readAnswer(in);
        if (count == nanos.length) {
          nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = System.nanoTime() - due;
      }
    }
    return Arrays.copyOf(nanos, count);
  }

  private static void readAnswer(AnswerReader in) throws IOException {
    String status = in.line();
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("not an answer that was expected: " + status + "\n" + in.rest());
    }
    long length = -1;
    boolean chunked = false;
    for (String header = in.line(); !header.isEmpty(); header = in.line()) {
      if (startsWith(header, LENGTH)) {
        length = Long.parseLong(header.substring(LENGTH.length()).strip());
      }
      chunked |= startsWith(header, CHUNKED);
    }
    if (chunked) {
      long size;
      do {
        size = Long.parseLong(in.line(), 16);
        in.skip(size + 2);
      } while (size > 0);
    } else if (length >= 0) {
      in.skip(length);
    } else {
      throw new IOException("an answer without a length");
    }
  }

  private static boolean startsWith(String header, String start) {
    return header.regionMatches(true, 0, start, 0, start.length());
  }
}
