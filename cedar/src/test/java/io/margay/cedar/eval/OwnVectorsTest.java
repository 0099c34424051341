package io.margay.cedar.eval;

import static org.assertj.core.api.Assertions.assertThat;

import io.margay.cedar.Request;
import io.margay.cedar.ast.Policy;
import io.margay.cedar.ast.PolicySet;
import io.margay.cedar.ast.Slot;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.differential.Oracle;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.json.EntityJson;
import io.margay.cedar.json.JsonFields;
import io.margay.cedar.json.JsonTree;
import io.margay.cedar.json.JsonTree.Obj;
import io.margay.cedar.json.JsonTrees;
import io.margay.cedar.json.PolicySetJson;
import io.margay.cedar.json.RequestJson;
import io.margay.cedar.json.UidJson;
import io.margay.cedar.parser.CedarParser;
import io.margay.cedar.value.EntityUid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Vectors for what the official corpus has none: several policies, forbids over permits, tags where
 * they are missing, templates and links. In the official layout, with {@code templateLinks} beside
 * it. Expectations were written by hand and hold for the official implementation too.
 */
class OwnVectorsTest {
  private static final Path ROOT =
      Path.of(System.getProperty("margay.root", ".."), "cedar/src/test/resources/vectors");

  private final Oracle oracle = new Oracle();

  @TestFactory
  Stream<DynamicTest> requestsAreDecidedAsWritten() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("tests"))) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.toString().endsWith(".entities.json"))
          .sorted()
          .toList()
          .stream()
          .flatMap(this::tests);
    }
  }

  private Stream<DynamicTest> tests(Path file) {
    Obj vector = JsonFields.object(JsonTrees.read(source(file)));
    PolicySet policies = policies(vector);
    Entities entities = EntityJson.readAll(source(path(vector, "entities")));
    Authorizer authorizer = Authorizer.of(policies);
    return JsonFields.list(JsonFields.required(vector, "requests")).stream()
        .map(JsonFields::object)
        .map(request ->
            DynamicTest.dynamicTest(
                file.getFileName() + ": " + text(request, "description"),
                () -> check(authorizer, policies, entities, request)));
  }

  private void check(Authorizer authorizer, PolicySet policies, Entities entities, Obj vector) {
    Request request = RequestJson.read(vector);
    Oracle.Answer expected =
        new Oracle.Answer(
            text(vector, "decision").equals("allow"), ids(vector, "reason"), ids(vector, "errors"));
    Decision decision = authorizer.decide(request, entities);

    assertThat(
            new Oracle.Answer(
                decision.isAllowed(),
                new TreeSet<>(decision.reasons()),
                decision.errors().stream().map(PolicyError::policyId).collect(Collectors.toSet())))
        .isEqualTo(expected);
    assertThat(oracle.decide(PolicySetJson.write(policies), entities, request)).isEqualTo(expected);
  }

  private static PolicySet policies(Obj vector) {
    PolicySet written = CedarParser.policySet(source(path(vector, "policies")));
    PolicySet.Builder all = written.toBuilder();
    JsonTree links = vector.get("templateLinks");
    if (links != null) {
      for (JsonTree tree : JsonFields.list(links)) {
        Obj link = JsonFields.object(tree);
        Map<Slot, EntityUid> values = new EnumMap<>(Slot.class);
        JsonFields.object(JsonFields.required(link, "values"))
            .fields()
            .forEach((slot, uid) ->
                values.put(
                    slot.equals("?principal") ? Slot.PRINCIPAL : Slot.RESOURCE, UidJson.read(uid)));
        all.add(
            Policy.link(
                text(link, "newId"), written.templates().get(text(link, "templateId")), values));
      }
    }
    return all.build();
  }

  private static Path path(Obj vector, String field) {
    return ROOT.resolve(text(vector, field));
  }

  private static SourceText source(Path file) {
    try {
      return CedarParser.decode(file.toString(), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }

  private static String text(Obj object, String field) {
    return JsonFields.string(JsonFields.required(object, field));
  }

  private static Set<String> ids(Obj object, String field) {
    return JsonFields.list(JsonFields.required(object, field)).stream()
        .map(JsonFields::string)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
