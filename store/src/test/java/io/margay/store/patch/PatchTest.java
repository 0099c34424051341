package io.margay.store.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.store.SampleSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
  }

  static JsonNode any(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (Exception e) {
      throw new AssertionError(text, e);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':1}               | {'a':2}                | {'a':2}
          {'a':1}               | {'b':2}                | {'a':1,'b':2}
          {'a':1,'b':2}         | {'a':null}             | {'b':2}
          {'a':1}               | {'z':null}             | {'a':1}
          {'a':[1,2]}           | {'a':[3]}              | {'a':[3]}
          {'a':{'b':1,'c':2}}   | {'a':{'b':null}}       | {'a':{'c':2}}
          {'a':1}               | {'a':{'b':1}}          | {'a':{'b':1}}
          {}                    | {'a':{'b':null,'c':1}} | {'a':{'c':1}}
          """)
  void mergePatch(String current, String patch, String expected) {
    ObjectNode before = json(current);
    assertThat(MergePatch.apply(before, json(patch))).isEqualTo(json(expected));
    assertThat(before).isEqualTo(json(current));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'a':1}         | [{'op':'add','path':'/b','value':2}]                | {'a':1,'b':2}
          {'a':[1,3]}     | [{'op':'add','path':'/a/1','value':2}]              | {'a':[1,2,3]}
          {'a':[1]}       | [{'op':'add','path':'/a/-','value':2}]              | {'a':[1,2]}
          {'a':1,'b':2}   | [{'op':'remove','path':'/a'}]                       | {'b':2}
          {'a':[1,2,3]}   | [{'op':'remove','path':'/a/1'}]                     | {'a':[1,3]}
          {'a':1}         | [{'op':'replace','path':'/a','value':[7]}]          | {'a':[7]}
          {'a':[1,2]}     | [{'op':'replace','path':'/a/0','value':9}]          | {'a':[9,2]}
          {'a':{'b':1}}   | [{'op':'move','from':'/a/b','path':'/c'}]           | {'a':{},'c':1}
          {'a':{'b':1}}   | [{'op':'copy','from':'/a','path':'/c'}]             | {'a':{'b':1},'c':{'b':1}}
          {'a':1}         | [{'op':'test','path':'/a','value':1},{'op':'remove','path':'/a'}] | {}
          {'x/y':1,'m~n':2} | [{'op':'remove','path':'/x~1y'},{'op':'remove','path':'/m~0n'}] | {}
          {'':1}          | [{'op':'remove','path':'/'}]                        | {}
          """)
  void jsonPatch(String current, String patch, String expected) {
    ObjectNode before = json(current);
    assertThat(JsonPatch.apply(before, any(patch))).isEqualTo(json(expected));
    assertThat(before).isEqualTo(json(current));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          [{'op':'remove','path':'/z'}]               | operation 0: there is nothing at "/z"
          [{'op':'add','path':'/a/b/c','value':1}]    | operation 0: there is nothing at "/a/b"
          [{'op':'add','path':'/l/3','value':1}]      | operation 0: there is nothing at "/l/3"
          [{'op':'add','path':'/l/01','value':1}]     | operation 0: there is nothing at "/l/01"
          [{'op':'replace','path':'/l/-','value':1}]  | operation 0: there is nothing at "/l/-"
          [{'op':'test','path':'/a','value':2}]       | operation 0: test of "/a" failed: the value is another
          [{'op':'add','path':'/a'}]                  | operation 0: "value" is missing
          [{'op':'add','path':'a','value':1}]         | operation 0: "a" is not a pointer; write /a
          [{'op':'move','from':'/o','path':'/o/p'}]   | operation 0: "/o" cannot move into itself at "/o/p"
          [{'op':'grow','path':'/a'}]                 | operation 0: "grow" is not an operation; write add, remove, replace, move, copy or test
          [{'op':'replace','path':'','value':1}]      | the patch replaces the object by something that is none
          {'op':'remove'}                             | a JSON patch must be a list of operations
          """)
  void jsonPatchRefused(String patch, String message) {
    assertThatThrownBy(() -> JsonPatch.apply(json("{'a':1,'l':[1,2],'o':{}}"), any(patch)))
        .isInstanceOf(PatchException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'spec':{'ports':[{'port':1,'name':'a'}]}} | {'spec':{'ports':[{'port':2}]}}             | {'spec':{'ports':[{'port':1,'name':'a'},{'port':2}]}}
          {'spec':{'ports':[{'port':1,'name':'a'}]}} | {'spec':{'ports':[{'port':1,'name':'b'}]}}  | {'spec':{'ports':[{'port':1,'name':'b'}]}}
          {'spec':{'ports':[{'port':1,'name':'a'}]}} | {'spec':{'ports':[{'port':1,'name':null}]}} | {'spec':{'ports':[{'port':1}]}}
          {'spec':{'ports':[{'port':1},{'port':2}]}} | {'spec':{'ports':[{'port':1,'$patch':'delete'}]}} | {'spec':{'ports':[{'port':2}]}}
          {'spec':{'ports':[{'port':1},{'port':2}]}} | {'spec':{'ports':[{'port':3},{'$patch':'replace'}]}} | {'spec':{'ports':[{'port':3}]}}
          {'spec':{'tags':['a','b']}}                | {'spec':{'tags':['b','c']}}                 | {'spec':{'tags':['a','b','c']}}
          {'spec':{'tags':['a','b']}}                | {'spec':{'$deleteFromPrimitiveList/tags':['a']}} | {'spec':{'tags':['b']}}
          {'spec':{'plain':[1,2]}}                   | {'spec':{'plain':[3]}}                      | {'spec':{'plain':[3]}}
          {'spec':{'ports':[{'port':1},{'port':2}]}} | {'spec':{'$setElementOrder/ports':[{'port':2},{'port':1}]}} | {'spec':{'ports':[{'port':2},{'port':1}]}}
          {'spec':{'a':1,'b':2}}                     | {'spec':{'$patch':'replace','c':3}}         | {'spec':{'c':3}}
          {'spec':{'a':1},'x':1}                     | {'spec':{'$patch':'delete'}}                | {'x':1}
          {'spec':{'a':1,'b':2}}                     | {'spec':{'$retainKeys':['a','c'],'c':3}}    | {'spec':{'a':1,'c':3}}
          {'spec':{'a':1,'b':2}}                     | {'spec':{'a':null}}                         | {'spec':{'b':2}}
          """)
  void strategicMergePatch(String current, String patch, String expected) {
    ObjectNode before = json(current);
    assertThat(StrategicMergePatch.apply(SampleSchema.SCHEMA, before, json(patch)))
        .isEqualTo(json(expected));
    assertThat(before).isEqualTo(json(current));
  }

  @Test
  void strategicMergePatchNeedsItsKeys() {
    assertThatThrownBy(() ->
            StrategicMergePatch.apply(
                SampleSchema.SCHEMA, json("{}"), json("{'spec':{'ports':[{'name':'a'}]}}")))
        .hasMessage("an item of ports lacks its merge key \"port\"");
    assertThatThrownBy(() ->
            StrategicMergePatch.apply(SampleSchema.SCHEMA, json("{}"), json("{'$patch':'frob'}")))
        .hasMessageContaining("\"frob\"");
  }
}
