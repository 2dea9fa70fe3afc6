"""What each row of the page is limited by, as profiles show it."""

LIMITS = {
    "a": (
        "two copies and one SHA-256. The kernel hands the bytes to one thread, which writes them"
        " from a direct buffer; a second thread reads what was written back from the page cache and"
        " hashes it. With two cores, one of them also serving, all three compete; about 0.25 s is"
        " the start of Java. Past OkHttp, which moves 8 KiB at a time, the same transfer took half"
        " as long."
    ),
    "b": (
        "TLS in Java, and compiling it: of 3.5 s of processor time about half is Java code, the"
        " rest mostly the compilers of the Java machine. Of the Java code a third is TLS (AES-GCM"
        " and its records), a quarter SHA-256, a fifth writing. A second connection comes to help"
        " after a second, but with two cores, one of them also serving, there is little left to"
        " win. curl and aria2 decrypt with assembly from the first byte on."
    ),
    "c": (
        "the limit of the server: 16 connections at 20 MiB/s bring 320 MiB/s. aria2 hashes after"
        " the last byte, modelbake while they come."
    ),
    "d": (
        "the decoder of commons-compress, on one core; nine tenths of the time are spent in it."
        " Reading, writing and hashing overlap with it."
    ),
    "e": "SHA-256 of the Java runtime on every core; a fifth of the time is the start of Java.",
    "f": (
        "compiling: half of the processor time is spent by the compilers of the Java machine, the"
        " other half in code that is not compiled yet, one third of it in OkHttp. Told to compile"
        " quickly and badly (-XX:TieredStopAtLevel=1) the same bake takes two thirds of the time,"
        " but then SHA-256 takes six times as long. aria2 neither hashes, nor syncs, nor renames"
        " what it gets here."
    ),
    "g": "the same as row a; pooch hashes in Python's OpenSSL after the download.",
    "h": (
        "the Java machine itself takes 40 ms, making the command line known 40 ms. A class-data"
        " archive holds the classes; OkHttp, Jackson and BouncyCastle are not touched before they"
        " are needed."
    ),
    "i": (
        "nothing that grows with the file: one buffer of 256 KiB for each connection and one for"
        " hashing; the rest is the Java machine."
    ),
    "j": (
        "the registry, which hashes and writes what it gets on the other core. A push hashes while it"
        " sends, in one thread; a pull brings one blob over up to four connections and hashes behind"
        " them, where skopeo uses one."
    ),
    "k": "reading, hashing and writing once; hashing runs in a thread of its own beside the copy.",
    "l": "starting Java and compiling; the index itself is 3 MB of JSON, written or read in one pass.",
    "m": (
        "starting Java; making the hook's directory and a port for the proxy; looking once more"
        " for processes that are left."
    ),
    "n": "reading the hook, and one call of it for each file, import and socket that Python opens.",
    "o": (
        "starting Java, and looking at the caches of libraries before and after. The new file is"
        " hashed while its source gives it once more."
    ),
}
