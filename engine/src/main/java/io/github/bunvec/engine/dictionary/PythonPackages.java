package io.github.bunvec.engine.dictionary;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The folders Python installs packages in, found by its conventions and without running it: the
 * active virtual or conda environment, PYTHONPATH, the Pythons on PATH, the user's own, the
 * system's, pyenv's.
 */
final class PythonPackages {

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private final Map<String, String> environment;
  private final Path root;

  PythonPackages(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
  }

  /** Returns the folders that are there, the most specific first, none twice. */
  List<Path> folders() {
    Set<Path> folders = new LinkedHashSet<>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      for (Path prefix : paths(variable)) {
        addPrefix(prefix, folders);
      }
    }
    folders.addAll(paths("PYTHONPATH"));
    for (Path folder : paths("PATH")) {
      for (String name : List.of("python3", "python")) {
        addProgram(folder.resolve(name), folders);
      }
    }
    for (Path home : paths("HOME")) {
      addPrefix(home.resolve(".local"), folders);
    }
    folders.add(root.resolve("usr/lib/python3/dist-packages"));
    addPrefix(root.resolve("usr/local"), folders);
    addPrefix(root.resolve("usr"), folders);
    for (Path pyenv : environment.containsKey("PYENV_ROOT") ? paths("PYENV_ROOT") : pyenvOfUser()) {
      for (Path version : children(pyenv.resolve("versions"), "*")) {
        addPrefix(version, folders);
      }
    }
    return existing(folders);
  }

  /** One folder may have two names: /lib is a link to /usr/lib on most systems. */
  private static List<Path> existing(Set<Path> folders) {
    Map<Path, Path> byPlace = new LinkedHashMap<>();
    for (Path folder : folders) {
      if (Files.isDirectory(folder)) {
        byPlace.putIfAbsent(place(folder), folder);
      }
    }
    return List.copyOf(byPlace.values());
  }

  private static Path place(Path folder) {
    try {
      return folder.toRealPath();
    } catch (IOException e) {
      // Only used to tell folders apart.
      return folder;
    }
  }

  private List<Path> pyenvOfUser() {
    return paths("HOME").stream().map(home -> home.resolve(".pyenv")).toList();
  }

  private List<Path> paths(String variable) {
    List<Path> paths = new ArrayList<>();
    for (String path : environment.getOrDefault(variable, "").split(File.pathSeparator, -1)) {
      if (!path.isEmpty()) {
        paths.add(Path.of(path));
      }
    }
    return paths;
  }

  /** A virtual environment's python is a link out of it, so both ends name a prefix. */
  private static void addProgram(Path program, Set<Path> folders) {
    if (!Files.isExecutable(program)) {
      return;
    }
    addPrefixOf(program, folders);
    try {
      addPrefixOf(program.toRealPath(), folders);
    } catch (IOException e) {
      // The program went away: there is nothing behind it either.
      return;
    }
  }

  private static void addPrefixOf(Path program, Set<Path> folders) {
    Path bin = program.getParent();
    Path prefix = bin == null ? null : bin.getParent();
    if (prefix != null) {
      addPrefix(prefix, folders);
    }
  }

  private static void addPrefix(Path prefix, Set<Path> folders) {
    for (String lib : List.of("lib", "lib64")) {
      for (Path version : children(prefix.resolve(lib), "python3*")) {
        folders.add(version.resolve("site-packages"));
        folders.add(version.resolve("dist-packages"));
      }
    }
  }

  /** The newest version first, as far as names tell. */
  private static List<Path> children(Path folder, String pattern) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, pattern)) {
        stream.forEach(children::add);
      } catch (IOException | DirectoryIteratorException e) {
        // A folder that may not be read holds no packages for this user.
        return List.of();
      }
    }
    children.sort(Comparator.comparing(PythonPackages::version).reversed());
    return children;
  }

  /** The name with numbers of equal length: python3.9 comes before python3.13. */
  private static String version(Path folder) {
    return NUMBER
        .matcher(folder.getFileName().toString())
        .replaceAll(match -> "0".repeat(Math.max(0, 9 - match.group().length())) + match.group());
  }
}
