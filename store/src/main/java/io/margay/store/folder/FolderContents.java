package io.margay.store.folder;

import io.margay.model.manifest.KubeObject;
import io.margay.model.manifest.Manifests;
import io.margay.model.manifest.Problem;
import io.margay.model.resource.ResourceKey;
import io.margay.model.schema.Defaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the files below a folder say, taken together. */
record FolderContents(Map<ResourceKey, KubeObject> objects, List<Problem> problems) {

  /** The files with their sizes and times: equal as long as nothing has changed. */
  record Fingerprint(Map<Path, Stamp> files) {
    record Stamp(long size, FileTime modified) {}
  }

  static Fingerprint fingerprint(Path folder) throws IOException {
    Map<Path, Fingerprint.Stamp> files = new TreeMap<>();
    for (Path file : manifests(folder)) {
      try {
        files.put(file, new Fingerprint.Stamp(Files.size(file), Files.getLastModifiedTime(file)));
      } catch (NoSuchFileException e) {
        // Removed since the folder was listed; the next look will not list it.
        continue;
      }
    }
    return new Fingerprint(files);
  }

  static FolderContents read(Path folder) throws IOException {
    Map<ResourceKey, KubeObject> objects = new LinkedHashMap<>();
    Map<ResourceKey, Path> places = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Path file : manifests(folder)) {
      Manifests.Result read = Manifests.read(file, Manifests.Options.STRICT);
      problems.addAll(read.problems());
      for (KubeObject object : read.objects()) {
        Path other = places.put(object.key(), file);
        if (other != null) {
          problems.add(
              new Problem(
                  object.key().toString(),
                  "",
                  "",
                  "stands in both " + other + " and " + file,
                  "remove one of them"));
        }
        objects.put(object.key(), defaulted(object));
      }
    }
    return new FolderContents(objects, List.copyOf(problems));
  }

  private static KubeObject defaulted(KubeObject object) {
    KubeObject copy = new KubeObject(object.kind(), object.json().deepCopy());
    Defaults.apply(copy.kind(), copy.json());
    return copy;
  }

  /** Files that could hold resources, in the order of their names; hidden ones are passed over. */
  private static List<Path> manifests(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw Files.exists(folder)
          ? new NotDirectoryException(folder.toString())
          : new NoSuchFileException(folder.toString());
    }
    try (Stream<Path> below = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return below
          .filter(file -> file.getFileName().toString().matches("[^.].*\\.(ya?ml|json)"))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  static String describe(Exception e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no such folder";
      case NotDirectoryException file -> "it is a file, not a folder";
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }
}
