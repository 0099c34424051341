/** Resources from a folder of YAML and JSON files. */
@NullMarked
package io.margay.store.folder;

import org.jspecify.annotations.NullMarked;
