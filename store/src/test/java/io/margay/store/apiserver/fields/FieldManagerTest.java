package io.margay.store.apiserver.fields;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.model.resource.Kind;
import io.margay.store.SampleSchema;
import io.margay.store.apiserver.ApiException;
import io.margay.store.patch.PatchException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class FieldManagerTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(60);

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  private static ObjectNode apply(ObjectNode current, String intent, String manager) {
    return apply(current, intent, manager, false, NOW);
  }

  private static ObjectNode apply(
      ObjectNode current, String intent, String manager, boolean force, Instant now) {
    return new FieldManager(Kind.TIER, SampleSchema.SCHEMA, manager, true, "", now)
        .apply(current, json(intent), result -> {}, force);
  }

  private static ObjectNode update(ObjectNode before, ObjectNode after, String manager) {
    ObjectNode stored = after.deepCopy();
    new FieldManager(Kind.TIER, SampleSchema.SCHEMA, manager, false, "", LATER)
        .noteUpdate(before, stored);
    return stored;
  }

  private static void assertConflicts(
      ObjectNode current, String intent, String manager, String... conflicts) {
    assertThatThrownBy(() -> apply(current, intent, manager))
        .isInstanceOfSatisfying(
            ApiException.class,
            e ->
                assertThat(e.causes())
                    .extracting(cause -> cause.message() + ": " + cause.field())
                    .containsExactly(conflicts));
  }

  private static ObjectNode spec(ObjectNode object) {
    return (ObjectNode) object.get("spec");
  }

  private static String fields(ObjectNode object, String manager) {
    for (var entry : object.path("metadata").path("managedFields")) {
      if (entry.path("manager").asText().equals(manager)) {
        return entry.path("fieldsV1").toString().replace('"', '\'');
      }
    }
    return "";
  }

  @Test
  void createRecordsTheManagerOfEachField() {
    ObjectNode made =
        apply(
            json("{}"),
            "{'apiVersion':'v1','kind':'K','metadata':{'name':'n','labels':{'a':'b'}},"
                + "'spec':{'order':1,'ports':[{'port':80,'name':'web'}],'tags':['x'],'plain':[1]}}",
            "alice");
    assertThat(fields(made, "alice"))
        .isEqualTo(
            "{'f:metadata':{'f:labels':{'f:a':{}}},'f:spec':{'f:order':{},'f:plain':{},"
                + "'f:ports':{'k:{\\'port\\':80,\\'protocol\\':\\'TCP\\'}':"
                + "{'.':{},'f:name':{},'f:port':{}}},'f:tags':{'v:\\'x\\'':{}}}}");
    assertThat(made.at("/metadata/managedFields/0/time").asText())
        .isEqualTo("2026-11-21T10:00:00Z");
  }

  @Test
  void aFieldNoLongerStatedIsRemoved() {
    ObjectNode made = apply(json("{}"), "{'spec':{'a':1,'b':2,'in':{'c':3}}}", "alice");
    ObjectNode left = apply(made, "{'spec':{'a':1}}", "alice");
    assertThat(spec(left)).isEqualTo(json("{'a':1}"));
  }

  @Test
  void aFieldThatSomebodyElseStatesTooStays() {
    ObjectNode made = apply(json("{}"), "{'spec':{'a':1,'b':2}}", "alice");
    ObjectNode shared = apply(made, "{'spec':{'b':2}}", "bob");
    ObjectNode left = apply(shared, "{'spec':{'a':1}}", "alice");
    assertThat(spec(left)).isEqualTo(json("{'a':1,'b':2}"));
    assertThat(spec(apply(left, "{'spec':{}}", "bob"))).isEqualTo(json("{'a':1}"));
  }

  @Test
  void changingWhatSomebodyElseManagesIsAConflict() {
    ObjectNode made =
        apply(json("{}"), "{'spec':{'a':1,'ports':[{'port':80,'name':'web'}]}}", "alice");
    assertConflicts(
        made,
        "{'spec':{'a':2,'ports':[{'port':80,'name':'www'}]}}",
        "bob",
        "conflict with \"alice\" using projectcalico.org/v3: .spec.a",
        "conflict with \"alice\" using projectcalico.org/v3:"
            + " .spec.ports[port=80,protocol=\"TCP\"].name");
  }

  @Test
  void forceTakesFieldsOver() {
    ObjectNode made = apply(json("{}"), "{'spec':{'a':1,'b':1}}", "alice");
    ObjectNode taken = apply(made, "{'spec':{'a':2}}", "bob", true, LATER);
    assertThat(spec(taken)).isEqualTo(json("{'a':2,'b':1}"));
    assertThat(fields(taken, "alice")).isEqualTo("{'f:spec':{'f:b':{}}}");
    assertThat(fields(taken, "bob")).isEqualTo("{'f:spec':{'f:a':{}}}");
  }

  @Test
  void listItemsAreMergedByIdentityAndRemovedWithTheirOwner() {
    ObjectNode made =
        apply(json("{}"), "{'spec':{'ports':[{'port':80},{'port':443,'name':'tls'}]}}", "alice");
    ObjectNode both = apply(made, "{'spec':{'ports':[{'port':53,'protocol':'UDP'}]}}", "bob");
    assertThat(both.at("/spec/ports")).hasSize(3);
    ObjectNode left = apply(both, "{'spec':{'ports':[{'port':80}]}}", "alice");
    assertThat(spec(left)).isEqualTo(json("{'ports':[{'port':80},{'port':53,'protocol':'UDP'}]}"));
  }

  @Test
  void anItemStaysWhileSomebodyManagesPartOfIt() {
    ObjectNode made = apply(json("{}"), "{'spec':{'ports':[{'port':80,'name':'web'}]}}", "alice");
    ObjectNode extended = made.deepCopy();
    ((ObjectNode) extended.at("/spec/ports/0")).put("target", 8080);
    ObjectNode stored = update(made, extended, "carol");
    ObjectNode left = apply(stored, "{'spec':{}}", "alice");
    assertThat(spec(left)).isEqualTo(json("{'ports':[{'port':80,'target':8080}]}"));
  }

  @Test
  void setsAreUnited() {
    ObjectNode made = apply(json("{}"), "{'spec':{'tags':['a','b']}}", "alice");
    ObjectNode both = apply(made, "{'spec':{'tags':['b','c']}}", "bob");
    assertThat(spec(both)).isEqualTo(json("{'tags':['a','b','c']}"));
    assertThat(spec(apply(both, "{'spec':{'tags':['a']}}", "alice")))
        .isEqualTo(json("{'tags':['a','b','c']}"));
    assertThat(spec(apply(both, "{'spec':{'tags':['b']}}", "alice")))
        .isEqualTo(json("{'tags':['b','c']}"));
  }

  @Test
  void applyingTheSameAgainChangesNothing() {
    String intent = "{'spec':{'a':1,'ports':[{'port':80}]}}";
    ObjectNode made = apply(json("{}"), intent, "alice");
    assertThat(apply(made, intent, "alice", false, LATER)).isEqualTo(made);
  }

  @Test
  void anUpdateOwnsWhatItChangedAndTakesItFromOthers() {
    ObjectNode made = apply(json("{}"), "{'spec':{'a':1,'b':1}}", "alice");
    ObjectNode edited = made.deepCopy();
    spec(edited).put("a", 5).remove("b");
    ObjectNode stored = update(made, edited, "carol");
    assertThat(fields(stored, "alice")).isEmpty();
    assertThat(fields(stored, "carol")).isEqualTo("{'f:spec':{'f:a':{}}}");
    assertConflicts(
        stored,
        "{'spec':{'a':1}}",
        "alice",
        "conflict with \"carol\" using projectcalico.org/v3: .spec.a");
  }

  @Test
  void identityAndBookkeepingHaveNoManager() {
    ObjectNode made =
        apply(
            json("{'metadata':{'uid':'u','resourceVersion':'7'}}"),
            "{'apiVersion':'v1','kind':'K','metadata':{'name':'n'},'spec':{'a':1}}",
            "alice");
    assertThat(fields(made, "alice")).isEqualTo("{'f:spec':{'f:a':{}}}");
    assertThat(made.at("/metadata/uid").asText()).isEqualTo("u");
  }

  @Test
  void anAmbiguousIntentIsRefused() {
    assertThatThrownBy(() ->
            apply(
                json("{}"),
                "{'spec':{'ports':[{'port':80},{'port':80,'protocol':'TCP'}]}}",
                "alice"))
        .isInstanceOf(PatchException.class)
        .hasMessageContaining("two items of a list");
  }

  @Test
  void whatOnlyADefaultChangesIsNoConflict() {
    ObjectNode made = apply(json("{}"), "{'spec':{'plain':[1]}}", "alice");
    spec(made).putArray("plain").add(1).add("default");
    ObjectNode both =
        new FieldManager(Kind.TIER, SampleSchema.SCHEMA, "bob", true, "", NOW)
            .apply(
                made,
                json("{'spec':{'plain':[1]}}"),
                result -> spec(result).withArrayProperty("plain").add("default"),
                false);
    assertThat(fields(both, "alice")).isEqualTo("{'f:spec':{'f:plain':{}}}");
    assertThat(fields(both, "bob")).isEqualTo("{'f:spec':{'f:plain':{}}}");
  }
}
