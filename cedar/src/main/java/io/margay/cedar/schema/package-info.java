/**
 * Schemas in both formats, read and written, and what they mean once every name is resolved: entity
 * types with their attributes and hierarchy, actions with the requests that they apply to.
 */
@NullMarked
package io.margay.cedar.schema;

import org.jspecify.annotations.NullMarked;
