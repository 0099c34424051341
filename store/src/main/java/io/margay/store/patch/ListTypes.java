package io.margay.store.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a schema says about the structure of lists and maps, as far as merging needs to know. A path
 * is made of field names only: the items of a list have the path of the list.
 */
public interface ListTypes {

  /** How server-side apply tells the items of a list apart. */
  ListType listType(List<String> path);

  /** Whether the object at this path is owned and replaced as a whole. */
  boolean atomicObject(List<String> path);

  /**
   * How a strategic merge patch changes the list at this path.
   *
   * @return null where the patch replaces the list
   */
  @Nullable ListMerge listMerge(List<String> path);

  /** How the items of a list are told apart. */
  sealed interface ListType {
    /** They are not: the list is one value. */
    record Atomic() implements ListType {}

    /** By their value. */
    record SetOf() implements ListType {}

    /**
     * By some of their fields.
     *
     * @param defaults the values of key fields that an item leaves out
     */
    record MapBy(List<String> keys, Map<String, JsonNode> defaults) implements ListType {}
  }

  /** How a strategic merge patch merges a list. */
  sealed interface ListMerge {
    /** Objects with the same value in this field are merged. */
    record ByKey(String key) implements ListMerge {}

    /** Scalars that are missing are added. */
    record Union() implements ListMerge {}
  }
}
