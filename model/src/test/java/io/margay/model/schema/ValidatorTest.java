package io.margay.model.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class ValidatorTest {
  private static final Map<String, Kind> KINDS =
      Map.ofEntries(
          Map.entry("np", Kind.NETWORK_POLICY),
          Map.entry("gnp", Kind.GLOBAL_NETWORK_POLICY),
          Map.entry("snp", Kind.STAGED_NETWORK_POLICY),
          Map.entry("sgnp", Kind.STAGED_GLOBAL_NETWORK_POLICY),
          Map.entry("sknp", Kind.STAGED_KUBERNETES_NETWORK_POLICY),
          Map.entry("tier", Kind.TIER),
          Map.entry("netset", Kind.NETWORK_SET),
          Map.entry("hep", Kind.HOST_ENDPOINT),
          Map.entry("profile", Kind.PROFILE),
          Map.entry("knp", Kind.KUBERNETES_NETWORK_POLICY),
          Map.entry("cnp", Kind.CLUSTER_NETWORK_POLICY),
          Map.entry("pod", Kind.POD),
          Map.entry("svc", Kind.SERVICE));

  @TestFactory
  Stream<DynamicTest> everyCaseHasExactlyItsProblems() throws IOException {
    try (InputStream in = ValidatorTest.class.getResourceAsStream("validation-cases.yaml")) {
      JsonNode cases = new YAMLMapper().readTree(in);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)))
          .toList()
          .stream();
    }
  }

  private static void check(JsonNode testCase) {
    List<String> expected = new ArrayList<>();
    testCase.get("problems").forEach(problem -> expected.add(problem.asText()));
    assertThat(problems(object(testCase))).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static List<String> problems(KubeObject object) {
    return Validator.validate(object).stream()
        .map(p -> new Problem("", p.field(), p.value(), p.reason(), p.fix()).toString())
        .toList();
  }

  private static KubeObject object(JsonNode testCase) {
    if (testCase.path("object") instanceof ObjectNode whole) {
      Kind kind =
          Kind.of(whole.get("apiVersion").asText(), whole.get("kind").asText()).orElseThrow();
      return new KubeObject(kind, whole);
    }
    String name = testCase.fieldNames().next();
    KubeObject object = empty(KINDS.get(name));
    object.json().set("spec", testCase.get(name));
    return object;
  }

  private static KubeObject empty(Kind kind) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    json.putObject("metadata").put("name", "web");
    if (kind.namespaced()) {
      json.withObjectProperty("metadata").put("namespace", "prod");
    }
    return new KubeObject(kind, json);
  }

  @Test
  void listsAndTextsHaveTheirLimits() {
    KubeObject policy = empty(Kind.NETWORK_POLICY);
    ObjectNode spec = policy.json().putObject("spec");
    spec.put("selector", "a == '" + "x".repeat(1020) + "'");
    for (int i = 0; i <= 1024; i++) {
      spec.withArrayProperty("ingress").addObject().put("action", "Allow");
    }
    ObjectNode rule = spec.putArray("egress").addObject().put("action", "Allow");
    rule.put("protocol", "TCP");
    ObjectNode destination = rule.putObject("destination");
    for (int i = 1; i <= 51; i++) {
      destination.withArrayProperty("ports").add(i);
    }
    for (int i = 0; i <= 256; i++) {
      destination.withArrayProperty("nets").add("10." + i % 256 + "." + i / 256 + ".0/24");
    }
    rule.putObject("metadata").putObject("annotations").put("a", "x".repeat(256 * 1024));
    assertThat(problems(policy))
        .anyMatch(
            p -> p.contains("spec.selector") && p.contains("has 1027 characters, more than 1024"))
        .anyMatch(p -> p.contains("spec.ingress: has 1025 items, more than 1024"))
        .anyMatch(p -> p.contains("spec.egress[0].destination.ports: has 51 items, more than 50"))
        .anyMatch(p -> p.contains("spec.egress[0].destination.nets: has 257 items, more than 256"))
        .anyMatch(p -> p.contains("metadata.annotations: larger than 256 KiB"));
  }

  @Test
  void namesOfTheResourceAreTold() {
    KubeObject policy = empty(Kind.NETWORK_POLICY);
    policy.json().putObject("spec").put("order", "x");
    assertThat(Validator.validate(policy))
        .singleElement()
        .hasToString(
            "NetworkPolicy prod/web, spec.order \"x\": not a number; write a number like 100.");
  }

  @Test
  void defaultsAreThoseOfTheApi() {
    KubeObject policy = empty(Kind.NETWORK_POLICY);
    policy.json().putObject("spec").putArray("egress").addObject().put("action", "Deny");
    Defaults.apply(policy.kind(), policy.json());
    assertThat(policy.json().at("/spec/tier").asText()).isEqualTo("default");
    assertThat(policy.json().at("/spec/types").toString()).isEqualTo("[\"Egress\"]");
    assertThat(policy.json().at("/metadata/labels").toString())
        .isEqualTo("{\"projectcalico.org/tier\":\"default\"}");

    KubeObject kubernetes = empty(Kind.KUBERNETES_NETWORK_POLICY);
    kubernetes
        .json()
        .putObject("spec")
        .putArray("egress")
        .addObject()
        .putArray("ports")
        .addObject();
    Defaults.apply(kubernetes.kind(), kubernetes.json());
    assertThat(kubernetes.json().at("/spec").toString())
        .isEqualTo(
            "{\"egress\":[{\"ports\":[{\"protocol\":\"TCP\"}]}],\"podSelector\":{},"
                + "\"policyTypes\":[\"Ingress\",\"Egress\"]}");
    assertThat(Validator.validate(policy)).isEmpty();
    assertThat(Validator.validate(kubernetes)).isEmpty();
  }

  @Test
  void aStagedDeletionIsCompletedToOneThatIsValid() {
    for (Kind kind :
        List.of(
            Kind.STAGED_NETWORK_POLICY,
            Kind.STAGED_GLOBAL_NETWORK_POLICY,
            Kind.STAGED_KUBERNETES_NETWORK_POLICY)) {
      KubeObject deletion = empty(kind);
      deletion.json().putObject("spec").put("stagedAction", "Delete");
      Defaults.apply(kind, deletion.json());
      assertThat(Validator.validate(deletion)).as(kind.kind()).isEmpty();

      KubeObject earlier = empty(kind);
      earlier.json().putObject("spec");
      Defaults.apply(kind, earlier.json());
      earlier.json().withObjectProperty("spec").put("stagedAction", "Delete");
      Defaults.apply(kind, earlier.json());
      assertThat(Validator.validate(earlier)).as("completed before, " + kind.kind()).isEmpty();
    }
  }

  @Test
  void prunedFieldsAreNamed() {
    KubeObject policy = empty(Kind.NETWORK_POLICY);
    ObjectNode rule = policy.json().putObject("spec").putArray("ingress").addObject();
    rule.put("action", "Allow").put("extra", 1);
    assertThat(Validator.validate(policy, Validator.UnknownFields.PASS_OVER)).isEmpty();
    assertThat(Pruner.prune(Schemas.of(policy.kind()), policy.json()))
        .containsExactly("spec.ingress[0].extra");
    assertThat(rule.has("extra")).isFalse();
  }
}
