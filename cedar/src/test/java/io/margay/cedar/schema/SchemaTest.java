package io.margay.cedar.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import io.margay.cedar.value.EntityType;
import io.margay.cedar.value.EntityUid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTest {

  private static Schema parse(String text) {
    return Schema.parse(new SourceText("a.cedarschema", text));
  }

  private static final String SHOP =
      """
      // Every construct once.
      @doc("a shop")
      namespace Shop {
        type Address = { street: String, zip?: Long };
        @kernel
        entity Customer, Clerk in [Team, Shop::Team] = {
          home: Address,
          "nick name"?: __cedar::String,
          seen: Set<datetime>,
          boss: Clerk,
        } tags Set<String>;
        entity Team;
        entity Color enum ["red", "green"];
        action read, "write all" in [all, Action::"any"] appliesTo {
          principal: [Customer, Clerk],
          resource: Team,
          context: { ip: ipaddr, color?: Color },
        };
        action all in any;
        action any;
      }
      """;

  @Test
  void everyConstructIsRead() {
    Schema schema = parse(SHOP);

    EntityTypeInfo clerk = schema.entityType(new EntityType("Shop::Clerk"));
    assertThat(clerk).isNotNull();
    assertThat(clerk.ancestors()).containsExactly(new EntityType("Shop::Team"));
    assertThat(clerk.tags()).hasToString("Optional[Set<String>]");
    assertThat(clerk.shape())
        .hasToString(
            "{boss: Shop::Clerk, home: {street: String, zip?: Long}, nick name?: String, "
                + "seen: Set<datetime>}");
    assertThat(clerk.annotations()).containsEntry("kernel", "");
    assertThat(schema.entityType(new EntityType("Shop::Color")).ids().orElseThrow())
        .containsExactlyInAnyOrder("red", "green");
    ActionInfo write = schema.action(EntityUid.of("Shop::Action", "write all"));
    assertThat(write.ancestors())
        .containsExactly(EntityUid.of("Shop::Action", "all"), EntityUid.of("Shop::Action", "any"));
    assertThat(write.context()).hasToString("{color?: Shop::Color, ip: ipaddr}");
    assertThat(schema.action(EntityUid.of("Shop::Action", "any")).principals()).isEmpty();
  }

  @Test
  void bothFormatsAreWrittenAndReadBackAsTheSame() {
    SchemaDocument document = SchemaDocument.parse(new SourceText("", SHOP));

    String text = document.toCedar();
    String json = document.toJson();

    assertThat(SchemaDocument.parse(new SourceText("", text)).toCedar()).isEqualTo(text);
    assertThat(SchemaDocument.parseJson(new SourceText("", json)).toJson()).isEqualTo(json);
    assertThat(Schema.parseJson(new SourceText("", json)).entityTypes())
        .containsExactlyElementsOf(parse(SHOP).entityTypes());
    assertThat(parse(text).actions()).containsExactlyElementsOf(parse(SHOP).actions());
  }

  @Test
  void anUnqualifiedNameIsFoundInItsNamespaceThenOutside() {
    Schema schema =
        parse(
            """
            entity Outer;
            namespace A { entity Inner; entity Holder = { i: Inner, o: Outer, b: B::Other }; }
            namespace B { entity Other; }
            """);

    assertThat(schema.entityType(new EntityType("A::Holder")).shape())
        .hasToString("{b: B::Other, i: A::Inner, o: Outer}");
  }

  @Test
  void aDeclaredNameHidesABuiltInOneWhichKeepsItsFullName() {
    Schema schema = parse("entity ipaddr; entity E = { e: ipaddr, ip: __cedar::ipaddr };");

    assertThat(schema.entityType(new EntityType("E")).shape().attributes().values())
        .extracting(Type.Attribute::type)
        .containsExactly(Type.Entity.of(new EntityType("ipaddr")), Type.Extension.IPADDR);
  }

  @Test
  void entityTypesMayBeTheirOwnAncestors() {
    EntityTypeInfo folder =
        parse("entity Folder in [Folder];").entityType(new EntityType("Folder"));

    assertThat(folder.ancestors()).containsExactly(new EntityType("Folder"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          entity A = { x: Strng };                  | 1:17: "Strng": the type Strng is not declared; did you mean String?
          entity A in Grup; entity Group;           | 1:13: "Grup": the entity type Grup is not declared; did you mean Group?
          entity A; entity A;                       | 1:18: "A": the entity type is declared twice
          type A = Long; type A = Long;             | 1:21: "A": the type is declared twice
          action a; action a;                       | 1:18: "a": the action is declared twice
          action a in [b]; action b in [a];         | in itself through its groups
          action a in [zz];                         | 1:14: "zz": the action "zz" is not declared
          type A = { a: B }; type B = Set<A>;       | contains itself
          entity A = { x: Long, x: Long };          | 1:23: "x": the attribute is declared twice
          entity A { x: Long                        | the schema ends too early; expected "," or "}"
          entity Action;                            | Action is the type of actions
          entity __cedar;                           | reserved
          type Bool = Long;                         | a built-in type's name
          entity A enum [];                         | expected a string in quotes
          entity if;                                | a word of the Cedar language is no name
          action a appliesTo { principal: [A] }; entity A; | which resource types it applies to
          action a appliesTo { principal: [], resource: [A] }; entity A; | an empty list would never apply
          action a appliesTo { principal: A, principal: A, resource: A }; entity A; | written twice
          action a appliesTo { principal: A, resource: A, context: A }; entity A; | the common type A is not declared
          action a appliesTo { principal: Action, resource: Action }; | the entity type Action is not declared
          entity A = { "x: Long };                  | the string does not end
          entity A = { "\\q": Long };               | escape
          entity A #;                               | no meaning in a schema
          @a @a entity A;                           | the annotation is written twice
          entity A; namespace N { entity A; }       | N::A hides A
          action a; namespace N { action a; }       | N::Action::"a" hides Action::"a"
          namespace N {} namespace N {}             | the namespace is declared twice
          """)
  void wrongSchemasAreRefusedWhereTheyAreWrong(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(CedarParseException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"": {"entityTypes": {}, "actons": {}}}   | the key "actons" has no meaning here; the keys are
          {"": {"entityTypes": {}}}                 | "actions" is missing
          {"": {"entityTypes": {"A": {}, "A": {}}, "actions": {}}} | Duplicate
          {"a b": {"entityTypes": {}, "actions": {}}} | no name of a namespace
          {"": {"entityTypes": {"A": {"shape": {"type": "Record", "attributes": {}, "additionalAttributes": true}}}, "actions": {}}} | not supported
          {"": {"entityTypes": {"A": {"shape": {"type": "Set"}}}, "actions": {}}} | "element" is missing
          {"": {"entityTypes": {"A": {"shape": {"type": "Long"}}}, "actions": {}}} | must be a record
          {"": {"entityTypes": {"A": {"tags": {"type": "Extension", "name": "ip"}}}, "actions": {}}} | no such extension type; the types are
          {"": {"entityTypes": {}, "actions": {"a": {"attributes": {}}}}} | actions have no attributes
          {"": {"entityTypes": {}, "actions": {"a": {"memberOf": [{"type": "Action"}]}}}} | "id" is missing
          {"": {"entityTypes": {"A": {"enum": []}}, "actions": {}}} | at least one id
          {"": {"entityTypes": {"A": {"enum": ["x"], "tags": {"type": "Long"}}}, "actions": {}}} | the key "tags" has no meaning here
          """)
  void wrongJsonSchemasAreRefused(String json, String message) {
    assertThatThrownBy(() -> Schema.parseJson(new SourceText("a.json", json)))
        .isInstanceOf(CedarParseException.class)
        .hasMessageContaining(message);
  }

  @Test
  void allUnknownNamesAreToldTogether() {
    assertThatThrownBy(() -> parse("entity A in [B] = { x: C };\naction a in [b];"))
        .isInstanceOfSatisfying(CedarParseException.class, e -> assertThat(e.errors()).hasSize(3));
  }

  @Test
  void typesNestedTooDeeplyAreRefused() {
    String sets = "Set<".repeat(100_000) + "Long" + ">".repeat(100_000);
    StringBuilder chain = new StringBuilder("type T0 = Long;");
    for (int i = 1; i < 5_000; i++) {
      chain.append("type T").append(i).append(" = Set<T").append(i - 1).append(">;");
    }

    assertThatThrownBy(() -> parse("type A = " + sets + ";"))
        .hasMessageContaining("nest deeper than");
    assertThatThrownBy(() -> parse(chain.toString())).hasMessageContaining("nest");
  }

  @Test
  void whatTheCedarFormatCannotSayIsRefusedRatherThanChanged() {
    SchemaDocument collision =
        SchemaDocument.parseJson(
            new SourceText(
                "",
                """
                {"N": {"commonTypes": {"A": {"type": "Long"}}, "entityTypes": {"A": {}},
                 "actions": {}}}\
                """));

    assertThatThrownBy(collision::toCedar).hasMessageContaining("N::A");
  }
}
