/** From YAML and JSON text to resources, with every problem reported. */
@NullMarked
package io.margay.model.manifest;

import org.jspecify.annotations.NullMarked;
