package io.margay.agents.audit.log;

import io.margay.agents.audit.Receipt;
import io.margay.agents.audit.Samples;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Appends until it is killed; each line on its standard output is a record acknowledged. */
final class AppendingProcess {
  private static final int THREADS = 32;

  private AppendingProcess() {}

  /** Takes the log's directory and that of its keys. */
  public static void main(String[] args) throws Exception {
    LogSettings settings = new LogSettings(512, 64 << 10, Duration.ofMillis(20), 300, 100_000);
    AuditKeys keys = AuditKeys.loadOrCreate(Path.of(args[1]), "test.example/audit");
    DurableAuditLog log =
        DurableAuditLog.open(Path.of(args[0]), keys, settings, InstantSource.system());
    PrintStream out = System.out;
    for (int thread = 0; thread < THREADS; thread++) {
      Thread.ofPlatform()
          .start(() -> {
            try {
              for (int i = 0; ; i++) {
                Receipt receipt = log.append(Samples.permitted(i));
                synchronized (out) {
                  out.println(receipt.sequence() + " " + receipt.hash());
                  out.flush();
                }
              }
            } catch (Exception e) {
              e.printStackTrace();
              Runtime.getRuntime().halt(1);
            }
          });
    }
  }
}
