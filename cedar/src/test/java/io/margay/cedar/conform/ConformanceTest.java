package io.margay.cedar.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarError;
import io.margay.cedar.CedarParseException;
import io.margay.cedar.Request;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.entity.Entities;
import io.margay.cedar.schema.Schema;
import io.margay.cedar.value.DecimalValue;
import io.margay.cedar.value.EntityUid;
import io.margay.cedar.value.IpValue;
import io.margay.cedar.value.RecordValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConformanceTest {
  private static final Schema SCHEMA =
      Schema.parse(
          new SourceText(
              "schema",
              """
              entity User in [Group] = { boss?: User, limit?: decimal, from?: Set<ipaddr>,
                home?: { zip: Long }, color?: Color } tags Long;
              entity Group in [Group];
              entity Color enum ["red"];
              action read in [all] appliesTo { principal: User, resource: Group,
                context: { ip?: ipaddr, who?: User } };
              action all;
              """));

  private static Entities read(String json) {
    return EntitiesReader.read(new SourceText("e.json", json), SCHEMA);
  }

  private static String user(String attributes) {
    return "[{\"uid\": {\"type\": \"User\", \"id\": \"a\"}, \"parents\": [], \"attrs\": {"
        + attributes
        + "}}]";
  }

  @Test
  void escapesMayBeLeftOutWhereTheSchemaTellsTheType() {
    RecordValue attributes =
        read(user(
                """
                "boss": {"type": "User", "id": "b"}, "limit": "1.5",
                "from": ["10.0.0.0/8", {"fn": "ip", "arg": "::1"},
                         {"__extn": {"fn": "ip", "arg": "::2"}}]\
                """))
            .find(EntityUid.of("User", "a"))
            .entity()
            .attributes();

    assertThat(attributes.get("boss")).isEqualTo(EntityUid.of("User", "b"));
    assertThat(attributes.get("limit")).isInstanceOf(DecimalValue.class);
    assertThat(attributes.get("from"))
        .hasToString(
            "[ip(\"10.0.0.0/8\"), ip(\"0:0:0:0:0:0:0:1/128\"), ip(\"0:0:0:0:0:0:0:2/128\")]");
  }

  @Test
  void actionsOfTheSchemaAreAddedInTheirGroups() {
    Entities entities = read("[]");

    assertThat(entities.find(EntityUid.of("Action", "read")).isIn(EntityUid.of("Action", "all")))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "boss": "b"                       | expected an entity
          "limit": "x"                      | decimal
          "limit": 1                        | expected string
          "home": {}                        | entity User::"a".home: the attribute "zip" is missing
          "home": {"zip": "x"}              | entity User::"a".home.zip: expected Long
          "home": {"zip": 1, "x": 1}        | the attribute "x" is not in the schema
          "nothing": 1                      | the attribute "nothing" is not in the schema
          "color": {"type": "Color", "id": "blue"} | Color::"blue" does not exist
          "boss": {"type": "Group", "id": "b"} | expected User
          "from": [1]                       | expected string
          "home": null                      | no null
          """)
  void wrongAttributesAreRefused(String attributes, String message) {
    assertThatThrownBy(() -> read(user(attributes)))
        .isInstanceOf(CedarParseException.class)
        .hasMessageContaining(message)
        .hasMessageStartingWith("e.json:1:");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"uid": {"type": "Usr", "id": "a"}, "attrs": {}, "parents": []} | no entity type Usr; did you mean User?
          {"uid": {"type": "Color", "id": "blue"}, "attrs": {}, "parents": []} | Color is an enumeration
          {"uid": {"type": "User", "id": "a"}, "attrs": {}, "parents": [{"type": "User", "id": "b"}]} | lets no User be in a User
          {"uid": {"type": "Group", "id": "a"}, "attrs": {}, "parents": [], "tags": {"x": 1}} | have no tags
          {"uid": {"type": "User", "id": "a"}, "attrs": {}, "parents": [], "tags": {"x": "y"}} | expected Long
          {"uid": {"type": "Action", "id": "read"}, "attrs": {}, "parents": []} | differs from the schema
          {"uid": {"type": "Action", "id": "raed"}, "attrs": {}, "parents": []} | no such action
          {"uid": {"type": "Group", "id": "a"}, "attrs": {}, "parents": [{"type": "Group", "id": "a"}]} | its own ancestor
          {"uid": {"type": "Group", "id": "a"}, "attrs": {}} | "parents" is missing
          """)
  void entitiesThatTheSchemaDoesNotAllowAreRefused(String entity, String message) {
    assertThatThrownBy(() -> read("[" + entity + "]"))
        .isInstanceOf(CedarParseException.class)
        .hasMessageContaining(message);
  }

  private static Request request(String principal, String action, String resource, String context) {
    return RequestReader.read(
        new SourceText(
            "r.json",
            "{\"principal\": \"%s\", \"action\": \"%s\", \"resource\": \"%s\", \"context\": %s}"
                .formatted(
                    principal.replace("\"", "\\\""),
                    action.replace("\"", "\\\""),
                    resource.replace("\"", "\\\""),
                    context)),
        SCHEMA);
  }

  @Test
  void aContextIsReadWithTheTypesOfItsAction() {
    Request request =
        request("User::\"a\"", "Action::\"read\"", "Group::\"g\"", "{\"ip\": \"10.0.0.1\"}");

    assertThat(request.context().get("ip")).isEqualTo(IpValue.parse("10.0.0.1").orElseThrow());
    assertThat(RequestConformance.check(request, SCHEMA)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Group::"a" | Action::"read" | Group::"g" | {}          | request principal: Action::"read" does not apply to a principal of type Group
          User::"a"  | Action::"read" | User::"g"  | {}          | request resource: Action::"read" does not apply
          User::"a"  | Action::"all"  | Group::"g" | {}          | it applies to none
          User::"a"  | Action::"none" | Group::"g" | {}          | no action Action::"none"
          Usr::"a"   | Action::"read" | Group::"g" | {}          | no entity type Usr
          User::"a"  | Action::"read" | Group::"g" | {"x": 1}    | request context: the attribute "x" is not in the schema
          User::"a"  | Action::"read" | Group::"g" | {"who": {"type": "Group", "id": "x"}} | request context.who: expected User
          """)
  void requestsThatTheSchemaDoesNotAllowAreRefused(
      String principal, String action, String resource, String context, String message) {
    assertThat(RequestConformance.check(request(principal, action, resource, context), SCHEMA))
        .extracting(CedarError::toString)
        .anySatisfy(error -> assertThat(error).contains(message));
  }
}
