package io.github.bunvec.loader;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The two forms in which torch.save puts a pickle and the storages it names into a file: a zip file
 * (since torch 1.6) and a stream of pickles followed by the storages (before, and still on demand).
 *
 * <p>Formats: torch/serialization.py, _save and _legacy_save.
 *
 * @param tensors by name, each inside its storage
 * @param storages bytes by key
 */
record TorchContainer(Map<String, StridedTensor> tensors, Map<String, MemorySegment> storages) {

  /** Descriptions of 50,000 tensors take some 10 MB. */
  private static final long MAX_PICKLE_BYTES = 64L << 20;

  private static final ValueLayout.OfLong I64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /** The pickle of torch's magic number, 0x1950A86A20F9469CFC6C. */
  private static final byte[] LEGACY = {
    (byte) 0x80,
    2,
    (byte) 0x8A,
    10,
    0x6C,
    (byte) 0xFC,
    (byte) 0x9C,
    0x46,
    (byte) 0xF9,
    0x20,
    0x6A,
    (byte) 0xA8,
    0x50,
    0x19,
    '.'
  };

  private static final long LEGACY_PROTOCOL = 1001;

  static TorchContainer read(MappedFile file) {
    if (startsWith(file, 0, LEGACY)) {
      return readLegacy(file);
    }
    if (startsWith(file, 0, ZIP)) {
      return readZip(file);
    }
    String found = "has " + file.bytes().byteSize() + " bytes and is no file of torch.save";
    if (startsWith(file, 257, "ustar".getBytes(StandardCharsets.US_ASCII))) {
      found = "is the tar form of torch before 0.1.10, which this version does not read";
    } else if (startsWith(file, 0, "version https://git-lfs".getBytes(StandardCharsets.UTF_8))) {
      found = "is a Git LFS pointer, not the file itself: get it by git lfs pull";
    }
    throw file.wrong(found + "; expected a zip file or torch's legacy form");
  }

  private static boolean startsWith(MappedFile file, long at, byte[] start) {
    MemorySegment bytes = file.bytes();
    return bytes.byteSize() >= at + start.length
        && bytes.asSlice(at, start.length).mismatch(MemorySegment.ofArray(start)) < 0;
  }

  private static TorchContainer readZip(MappedFile file) {
    Map<String, MemorySegment> entries = ZipEntries.of(file);
    List<String> pickles =
        entries.keySet().stream().filter(name -> name.matches("[^/]+/data\\.pkl")).toList();
    if (pickles.size() != 1) {
      throw file.wrong(
          "is a zip file with %d entries '*/data.pkl', expected one; is it a file of torch.save?"
              .formatted(pickles.size()));
    }
    String pickleName = pickles.getFirst();
    String folder = pickleName.substring(0, pickleName.length() - "data.pkl".length());
    MemorySegment order = entries.get(folder + "byteorder");
    if (order != null
        && order.mismatch(MemorySegment.ofArray(new byte[] {'l', 'i', 't', 't', 'l', 'e'})) >= 0) {
      throw file.wrong("zip entry 'byteorder' is not \"little\"; big-endian files are not read");
    }
    MemorySegment pickle = entry(file, entries, pickleName);
    if (pickle.byteSize() > MAX_PICKLE_BYTES) {
      throw file.wrong(
          "zip entry %s has %d bytes, expected at most %d"
              .formatted(Quoted.name(pickleName), pickle.byteSize(), MAX_PICKLE_BYTES));
    }
    var objects = new TorchObjects();
    var bytes = new PickleBytes(file.label(), pickle);
    Map<String, StridedTensor> tensors =
        StateDict.of(file.label(), PickleReader.read(bytes, objects));
    Map<String, MemorySegment> storages = new HashMap<>();
    for (PickleValue.Storage storage : objects.storages().values()) {
      String name = folder + "data/" + storage.key();
      MemorySegment data = entry(file, entries, name);
      long size = storage.count() * storage.dtype().byteSize();
      if (data.byteSize() != size) {
        throw file.wrong(
            "zip entry %s has %d bytes, %s [%d] needs %d"
                .formatted(
                    Quoted.name(name), data.byteSize(), storage.dtype(), storage.count(), size));
      }
      storages.put(storage.key(), data);
    }
    return new TorchContainer(tensors, storages);
  }

  private static MemorySegment entry(
      MappedFile file, Map<String, MemorySegment> entries, String name) {
    MemorySegment entry = entries.get(name);
    if (entry == null) {
      throw file.wrong("zip entry " + Quoted.name(name) + " is missing");
    }
    return entry;
  }

  private static TorchContainer readLegacy(MappedFile file) {
    MemorySegment all = file.bytes();
    var bytes =
        new PickleBytes(
            file.label(),
            all.asSlice(LEGACY.length, Math.min(all.byteSize() - LEGACY.length, MAX_PICKLE_BYTES)));
    var objects = new TorchObjects();
    PickleValue protocol = PickleReader.read(bytes, objects);
    if (!(protocol instanceof PickleValue.Int number && number.value() == LEGACY_PROTOCOL)) {
      throw file.wrong("protocol is " + protocol.kind() + ", expected " + LEGACY_PROTOCOL);
    }
    PickleValue system = PickleReader.read(bytes, objects);
    if (!(system instanceof PickleValue.Dictionary dict
        && dict.items().get("little_endian") instanceof PickleValue.Flag little
        && little.value())) {
      throw file.wrong("does not say little_endian=True; big-endian files are not read");
    }
    Map<String, StridedTensor> tensors =
        StateDict.of(file.label(), PickleReader.read(bytes, objects));
    Map<String, PickleValue.Storage> described = objects.storages();
    PickleValue keys = PickleReader.read(bytes, new TorchObjects());
    if (!(keys instanceof PickleValue.Sequence list) || list.items().size() != described.size()) {
      throw file.wrong(
          "its list of storages is " + keys.kind() + ", expected one of " + described.size());
    }
    Map<String, MemorySegment> storages = new HashMap<>();
    long at = LEGACY.length + bytes.position();
    for (PickleValue item : list.items()) {
      PickleValue.Storage storage =
          item instanceof PickleValue.Text key ? described.get(key.value()) : null;
      if (storage == null) {
        throw file.wrong("its list of storages names " + item.kind() + ", which no tensor is in");
      }
      long size = storage.count() * storage.dtype().byteSize();
      MemorySegment data = legacyStorage(file, at, storage, size);
      if (storages.put(storage.key(), data) != null) {
        throw file.wrong("its list of storages names " + item.kind() + " twice");
      }
      at += Long.BYTES + size;
    }
    if (at != all.byteSize()) {
      throw file.wrong("has " + (all.byteSize() - at) + " bytes after its last storage");
    }
    return new TorchContainer(tensors, storages);
  }

  private static MemorySegment legacyStorage(
      MappedFile file, long at, PickleValue.Storage storage, long size) {
    MemorySegment all = file.bytes();
    String what = "storage " + Quoted.name(storage.key());
    if (all.byteSize() - at < Long.BYTES || all.byteSize() - at - Long.BYTES < size) {
      throw file.wrong(
          "%s: %s [%d] at byte %d lies beyond the file's %d bytes; is it complete?"
              .formatted(what, storage.dtype(), storage.count(), at, all.byteSize()));
    }
    long count = all.get(I64, at);
    if (count != storage.count()) {
      throw file.wrong(
          "%s has %d elements, its pickle says %d".formatted(what, count, storage.count()));
    }
    return all.asSlice(at + Long.BYTES, size);
  }
}
