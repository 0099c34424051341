package io.margay.cedar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.margay.cedar.CedarParseException;
import io.margay.cedar.ast.SourceText;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonTreesTest {

  private static JsonTree read(String text) {
    return JsonTrees.read(new SourceText("a.json", text));
  }

  @Test
  void everyKindOfValueIsReadWithItsPlace() {
    JsonTree.Obj object =
        JsonFields.object(read("{\n  \"a\": [1, -2.5e3, \"x\\ny\", true, null],\n  \"b\": {}\n}"));

    List<JsonTree> a = JsonFields.list(JsonFields.required(object, "a"));
    assertThat(a).hasSize(5);
    assertThat(a.get(1))
        .isInstanceOfSatisfying(
            JsonTree.Num.class, number -> assertThat(number.text()).isEqualTo("-2.5e3"));
    assertThat(JsonFields.string(a.get(2))).isEqualTo("x\ny");
    assertThat(a.get(2).span().text()).isEqualTo("\"x\\ny\"");
    assertThat(a.get(2).span()).hasToString("a.json:2:20");
    assertThat(JsonFields.required(object, "b").span().text()).isEqualTo("{}");
  }

  @Test
  void aKeyThatIsThereTwiceIsRefusedWhereItStands() {
    assertThatThrownBy(() -> read("{\"a\": 1,\n \"a\": 2}"))
        .isInstanceOf(CedarParseException.class)
        .hasMessageStartingWith("a.json:2:")
        .hasMessageContaining("Duplicate");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    for (String text : List.of("", "{", "[1,]", "{} {}", "nul", "\"\\q\"", "[".repeat(100_000))) {
      assertThatThrownBy(() -> read(text)).isInstanceOf(CedarParseException.class);
    }
  }

  @Test
  void aMisspeltKeyNamesTheOnesThatThereAre() {
    JsonTree.Obj object = JsonFields.object(read("{\"prents\": []}"));

    assertThatThrownBy(() -> JsonFields.allowOnly(object, Set.of("parents", "uid")))
        .hasMessageContaining("prents")
        .hasMessageContaining("parents, uid");
  }

  @Test
  void anotherKindOfValueSaysWhatToWrite() {
    assertThatThrownBy(() -> JsonFields.string(read("12")))
        .hasMessage("a.json:1:1: \"12\": this is a number; write a string.");
  }
}
