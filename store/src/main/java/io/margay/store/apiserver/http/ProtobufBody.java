package io.margay.store.apiserver.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.margay.store.apiserver.ApiException;
import io.margay.store.apiserver.ApiException.Reason;
import io.margay.store.apiserver.http.ProtobufMessage.Field;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the few objects that kubectl's own commands send as protobuf ({@code create namespace},
 * {@code create service}, {@code auth can-i} and the like; files are always sent as JSON). A field
 * that is not known here is refused, not skipped: the object would say less than its author wrote.
 */
public final class ProtobufBody {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int VARINT = 0;
  private static final int BYTES = 2;

  private ProtobufBody() {}

  /**
   * The object as JSON.
   *
   * @throws ApiException UNSUPPORTED_MEDIA_TYPE if the object is of a kind or has a field that is
   *     only read as JSON, BAD_REQUEST if the bytes are no protobuf
   */
  public static ObjectNode read(byte[] body) {
    if (body.length < MAGIC.length
        || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw malformed();
    }
    ByteBuffer rest = ByteBuffer.wrap(body, MAGIC.length, body.length - MAGIC.length).slice();
    ObjectNode envelope = message(ProtobufMessage.UNKNOWN, rest);
    String kind = envelope.at("/typeMeta/kind").asText();
    ProtobufMessage message =
        ProtobufMessage.ofKind(kind).orElseThrow(() -> jsonOnly("objects of kind " + kind));
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.set("apiVersion", envelope.at("/typeMeta/apiVersion"));
    object.put("kind", kind);
    String raw = envelope.path("raw").asText();
    object.setAll(message(message, ByteBuffer.wrap(raw.getBytes(StandardCharsets.ISO_8859_1))));
    return object;
  }

  private static ObjectNode message(ProtobufMessage message, ByteBuffer bytes) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (bytes.hasRemaining()) {
      long tag = varint(bytes);
      int number = (int) (tag >>> 3);
      Field field = message.field(number);
      switch ((int) (tag & 7)) {
        case VARINT -> plain(object, message, number, field, varint(bytes));
        case BYTES -> delimited(object, message, number, field, slice(bytes));
        default -> throw jsonOnly("field " + number + " of " + message);
      }
    }
    return object;
  }

  private static void plain(
      ObjectNode object, ProtobufMessage message, int number, Field field, long value) {
    switch (field) {
      case Field.Whole whole -> {
        // Go writes 0 for numbers that were never set.
        if (value != 0) {
          object.put(whole.name(), value);
        }
      }
      case Field.Flag flag -> object.put(flag.name(), value != 0);
      case Field.Dropped dropped -> {
        // Set by servers only: a client's value has no effect in any format.
      }
      default -> throw jsonOnly("field " + number + " of " + message);
    }
  }

  private static void delimited(
      ObjectNode object, ProtobufMessage message, int number, Field field, ByteBuffer value) {
    switch (field) {
      case Field.Text text -> {
        String read = StandardCharsets.UTF_8.decode(value).toString();
        if (!read.isEmpty()) {
          object.put(text.name(), read);
        }
      }
      case Field.Raw raw ->
          object.put(raw.name(), StandardCharsets.ISO_8859_1.decode(value).toString());
      case Field.Texts texts ->
          array(object, texts.name()).add(StandardCharsets.UTF_8.decode(value).toString());
      case Field.TextMap map -> {
        ObjectNode entry = message(ProtobufMessage.MAP_ENTRY, value);
        object
            .withObjectProperty(map.name())
            .put(entry.path("key").asText(), entry.path("value").asText());
      }
      case Field.Nested nested -> {
        ObjectNode read = message(nested.message(), value);
        if (!read.isEmpty()) {
          object.set(nested.name(), read);
        }
      }
      case Field.NestedList list -> array(object, list.name()).add(message(list.message(), value));
      case Field.IntOrText either -> {
        ObjectNode read = message(ProtobufMessage.INT_OR_STRING, value);
        if (!read.isEmpty()) {
          boolean isNumber = read.path("type").asInt() == 0;
          object.set(either.name(), isNumber ? read.path("intVal") : read.path("strVal"));
        }
      }
      case Field.Dropped dropped -> {
        // Set by servers only: a client's value has no effect in any format.
      }
      case Field.Whole whole -> throw jsonOnly("field " + number + " of " + message);
      case Field.Flag flag -> throw jsonOnly("field " + number + " of " + message);
    }
  }

  private static ArrayNode array(ObjectNode object, String name) {
    return object.withArrayProperty(name);
  }

  private static ByteBuffer slice(ByteBuffer bytes) {
    long length = varint(bytes);
    if (length < 0 || length > bytes.remaining()) {
      throw malformed();
    }
    ByteBuffer slice = bytes.slice(bytes.position(), (int) length);
    bytes.position(bytes.position() + (int) length);
    return slice;
  }

  private static long varint(ByteBuffer bytes) {
    long value = 0;
    for (int shift = 0; shift < 64 && bytes.hasRemaining(); shift += 7) {
      byte next = bytes.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw malformed();
  }

  private static ApiException malformed() {
    return new ApiException(Reason.BAD_REQUEST, "the body is not Kubernetes protobuf");
  }

  private static ApiException jsonOnly(String what) {
    return new ApiException(
        Reason.UNSUPPORTED_MEDIA_TYPE, what + " is not read as protobuf; send application/json");
  }
}
