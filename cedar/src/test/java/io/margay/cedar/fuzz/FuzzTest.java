package io.margay.cedar.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.json.EntityJson;
import io.margay.cedar.json.JsonText;
import io.margay.cedar.json.PolicySetJson;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.partial.EntityPart;
import io.margay.cedar.partial.PartialEvaluator;
import io.margay.cedar.partial.PartialRequest;
import io.margay.cedar.random.RandomWorld;
import io.margay.cedar.text.PolicyFormatter;
import io.margay.cedar.text.PolicyPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Spoilt inputs give a declared error or are used; nothing else is thrown, no stack overflows and
 * no memory piles up. Runs for 20 seconds in all; {@code -Dmargay.fuzz.seconds=600} for longer,
 * {@code -Dmargay.fuzz.first=N} from another seed.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("margay.fuzz.seconds", 20);
  private static final long FIRST = Long.getLong("margay.fuzz.first", 0);
  private static final int TARGETS = 3;
  private static final long MEGABYTE = 1 << 20;

  private static final RandomWorld WORLD = new RandomWorld(1);
  private static final Entities ENTITIES = WORLD.entities();

  @Test
  void policiesInText() throws IOException {
    List<String> corpus = new ArrayList<>(files(".cedar"));
    for (long seed = 0; seed < 100; seed++) {
      for (Policy policy : new RandomWorld(seed).policies(3).policies().values()) {
        corpus.add(PolicyPrinter.print(policy));
      }
    }
    fuzz(corpus, bytes -> use(CedarParser.policySet(CedarParser.decode("fuzz.cedar", bytes))));
  }

  @Test
  void policiesInJson() throws IOException {
    List<String> corpus = new ArrayList<>();
    for (long seed = 0; seed < 200; seed++) {
      corpus.add(JsonText.print(PolicySetJson.write(new RandomWorld(seed).policies(3))));
    }
    fuzz(corpus, bytes -> use(PolicySetJson.read(CedarParser.decode("fuzz.json", bytes))));
  }

  @Test
  void entitiesInJson() throws IOException {
    List<String> corpus = new ArrayList<>(files(".entities.json"));
    for (long seed = 0; seed < 100; seed++) {
      corpus.add(JsonText.print(EntityJson.writeAll(new RandomWorld(seed).entities())));
    }
    PolicySet policies = new RandomWorld(2).policies(8);
    fuzz(
        corpus,
        bytes -> {
          Entities entities = EntityJson.readAll(CedarParser.decode("fuzz.json", bytes));
          Authorizer.of(policies).decide(WORLD.request(), entities);
        });
  }

  /** Does with policies what can be done with them. */
  private static void use(PolicySet policies) {
    for (Policy policy : policies.policies().values()) {
      PolicyPrinter.print(policy);
      if (!policy.isLink()) {
        String formatted = PolicyFormatter.format(policy.template());
        // Trees from JSON may be deeper than text may be nested.
        try {
          CedarParser.template(policy.id(), new SourceText("", formatted));
        } catch (CedarParseException e) {
          assertThat(e.getMessage()).contains("recursion limit");
        }
      }
    }
    PolicySetJson.write(policies);
    Authorizer authorizer = Authorizer.of(policies);
    Decision decision = authorizer.decide(WORLD.request(), ENTITIES, true);
    assertThat(decision.policySetHash()).isEqualTo(authorizer.policySetHash());
    PartialEvaluator.evaluate(
        policies,
        new PartialRequest(
            EntityPart.known(WORLD.request().principal()),
            EntityPart.Unknown.UNKNOWN,
            EntityPart.Unknown.UNKNOWN,
            WORLD.request().context(),
            false),
        ENTITIES);
  }

  private static void fuzz(List<String> corpus, Consumer<byte[]> target) {
    long before = usedMemory();
    long end = System.nanoTime() + SECONDS * 1_000_000_000 / TARGETS;
    long read = 0;
    long refused = 0;
    for (long seed = FIRST; System.nanoTime() < end; seed++) {
      byte[] input = new Mutator(seed, corpus).next();
      try {
        target.accept(input);
        read++;
      } catch (CedarParseException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ": " + Mutator.shown(input), e);
      }
    }
    // Inputs that are all refused, or none, would test one half only.
    assertThat(read).isGreaterThan(10);
    assertThat(refused).isGreaterThan(10);
    assertThat(usedMemory() - before).isLessThan(200 * MEGABYTE);
  }

  private static long usedMemory() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** The shared corpus where it is there, and our own vectors. */
  private static List<String> files(String suffix) throws IOException {
    Path root = Path.of(System.getProperty("margay.root", ".."));
    Path shared = Path.of(System.getProperty("margay.shared", "../../shared"));
    List<String> texts = new ArrayList<>();
    for (Path folder :
        List.of(
            root.resolve("cedar/src/test/resources/vectors"), shared.resolve("vectors/cedar"))) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.walk(folder)) {
          for (Path file :
              files.filter(path -> path.toString().endsWith(suffix)).sorted().toList()) {
            texts.add(Files.readString(file));
          }
        }
      }
    }
    return texts;
  }
}
