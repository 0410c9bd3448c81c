"""Hash one password twice."""

from werkzeug.security import check_password_hash, generate_password_hash

one = generate_password_hash("correct horse")
other = generate_password_hash("correct horse")

print("Method and cost:", one.partition("$")[0])
print("The same hash:", one == other)
print("The right password:", check_password_hash(one, "correct horse"))
print("Another password:", check_password_hash(one, "correct house"))
