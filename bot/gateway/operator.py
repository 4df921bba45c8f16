"""Who runs this Relais, as its public pages name them. What is not set is shown as still to be filled in."""

import os
from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Operator:
    """The organism that runs the service (`RELAIS_OPERATOR_*`). Empty: not told yet."""

    name: str = ""
    """Legal name (`RELAIS_OPERATOR_NAME`)."""
    address: str = ""
    """Postal address (`RELAIS_OPERATOR_ADDRESS`)."""
    phone: str = ""
    """Telephone (`RELAIS_OPERATOR_PHONE`)."""
    email: str = ""
    """Address to write to, also about accessibility (`RELAIS_OPERATOR_EMAIL`)."""
    publisher: str = ""
    """Director of publication (`RELAIS_OPERATOR_PUBLISHER`)."""
    host: str = ""
    """Name, address and telephone of the hosting provider (`RELAIS_OPERATOR_HOST`)."""
    dpo_email: str = ""
    """Address of the data protection officer (`RELAIS_DPO_EMAIL`)."""

    @classmethod
    def from_environment(cls) -> "Operator":
        """Read the settings."""
        names = {field.name: f"RELAIS_OPERATOR_{field.name.upper()}" for field in fields(cls)}
        names["dpo_email"] = "RELAIS_DPO_EMAIL"
        return cls(**{field: os.environ.get(name, "").strip() for field, name in names.items()})
