package io.margay.cedar.corpus;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.PolicySetException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.conform.EntitiesReader;
import io.margay.cedar.conform.RequestConformance;
import io.margay.cedar.conform.RequestReader;
import io.margay.cedar.corpus.TestFile.ExpectedRequest;
import io.margay.cedar.corpus.TestFile.Format;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.eval.Authorizer;
import io.margay.cedar.eval.Decision;
import io.margay.cedar.eval.PolicyError;
import io.margay.cedar.json.PolicySetJson;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.validate.ValidationMode;
import io.margay.cedar.validate.ValidationReport;
import io.margay.cedar.validate.Validator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs test files one by one, holding one in memory at a time. A folder of tests has {@code tests/}
 * and {@code corpus-tests/}, in which every JSON file but the entities is a test; or it is one of
 * these folders itself.
 */
public final class CorpusRunner {
  private static final List<String> FOLDERS = List.of("tests", "corpus-tests");

  private final Path folder;

  public CorpusRunner(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /**
   * The test files, in order.
   *
   * @throws IOException when the folder cannot be read
   */
  public List<Path> files() throws IOException {
    List<Path> starts = FOLDERS.stream().map(folder::resolve).filter(Files::isDirectory).toList();
    List<Path> found = new ArrayList<>();
    for (Path start : starts.isEmpty() ? List.of(folder) : starts) {
      try (Stream<Path> walk = Files.walk(start)) {
        walk.filter(CorpusRunner::isTest).sorted().forEach(found::add);
      }
    }
    return found;
  }

  private static boolean isTest(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(".json")
        && !name.endsWith("entities.json")
        && !name.endsWith(".cedarschema.json")
        && Files.isRegularFile(file);
  }

  /** Runs one test; an input that cannot be read is a failure of the test. */
  public TestRun run(Path file) {
    List<String> failures = new ArrayList<>();
    int decided = 0;
    try {
      TestFile test = TestFile.read(text(file));
      Schema schema = schema(test, file);
      PolicySet policies = policies(test, file);
      checkValidation(test, new Validator(schema), policies, failures);
      Entities entities = EntitiesReader.read(text(beside(file, test.entities())), schema);
      Authorizer authorizer = Authorizer.of(policies);
      for (ExpectedRequest expected : test.requests()) {
        checkRequest(expected, schema, authorizer, entities, failures);
        decided++;
      }
    } catch (IOException e) {
      failures.add("cannot be read: " + e);
    } catch (CedarParseException | PolicySetException e) {
      failures.add(String.valueOf(e.getMessage()));
    }
    return new TestRun(folder.relativize(file), decided, failures);
  }

  private static SourceText text(Path file) throws IOException {
    return CedarParser.decode(file.toString(), Files.readAllBytes(file));
  }

  /** Paths in a test start at the root of the tests, which is some folder above the file. */
  private static Path beside(Path test, String path) throws IOException {
    for (Path above = test.getParent(); above != null; above = above.getParent()) {
      Path candidate = above.resolve(path);
      if (Files.isRegularFile(candidate)) {
        return candidate;
      }
    }
    throw new IOException(path + " is in no folder above " + test);
  }

  private static Schema schema(TestFile test, Path file) throws IOException {
    SourceText source = text(beside(file, test.schema()));
    return test.schemaFormat() == Format.CEDAR ? Schema.parse(source) : Schema.parseJson(source);
  }

  private static PolicySet policies(TestFile test, Path file) throws IOException {
    SourceText source = text(beside(file, test.policies()));
    return test.policyFormat() == Format.CEDAR
        ? CedarParser.policySet(source)
        : PolicySetJson.read(source);
  }

  private static void checkValidation(
      TestFile test, Validator validator, PolicySet policies, List<String> failures) {
    ValidationReport report = validator.validate(policies, ValidationMode.STRICT);
    if (report.passed() == test.shouldValidate()) {
      return;
    }
    failures.add(
        test.shouldValidate()
            ? "should validate, but: "
                + report.errors().stream().map(Object::toString).collect(Collectors.joining(" "))
            : "should not validate, but does");
  }

  private static void checkRequest(
      ExpectedRequest expected,
      Schema schema,
      Authorizer authorizer,
      Entities entities,
      List<String> failures) {
    Request request = RequestReader.read(expected.request(), schema);
    if (expected.validate()) {
      RequestConformance.check(request, schema)
          .forEach(error -> failures.add(expected.description() + ": " + error));
    }
    Decision decision = authorizer.decide(request, entities);
    compare(expected, "decision", expected.allow(), decision.isAllowed(), failures);
    compare(expected, "reason", expected.reasons(), Set.copyOf(decision.reasons()), failures);
    Set<String> errors =
        decision.errors().stream()
            .map(PolicyError::policyId)
            .collect(Collectors.toCollection(TreeSet::new));
    compare(expected, "errors", expected.errors(), errors, failures);
  }

  private static void compare(
      ExpectedRequest request, String what, Object expected, Object got, List<String> failures) {
    if (!expected.equals(got)) {
      failures.add(request.description() + ": " + what + " should be " + expected + ", is " + got);
    }
  }
}
