package desk

import (
	"slices"

	"cession/deal"
)

// ActSchema returns a JSON schema (2020-12) that accepts the acts of a plan:
// one alternative per action, with the fields it carries.
func ActSchema(p deal.Plan) map[string]any {
	var actions []any
	for _, s := range p.Steps {
		for _, a := range s.Actions {
			actions = append(actions, actionSchema(s, a))
		}
	}
	return map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"title":   "Acts of plan " + p.Name,
		"type":    "object",
		"required": []string{"id", "deal", "step", "action", "party", "sequence", "salt", "deadline",
			"signer", "signature"},
		"properties": map[string]any{
			"id": hexSchema(32), "deal": pattern(`^d-[a-z2-7]{20}$`), "room": partySchema(), "party": partySchema(),
			"step": map[string]any{"type": "string"}, "action": map[string]any{"type": "string"}, "fields": map[string]any{"type": "object"},
			"sequence": map[string]any{"type": "integer", "minimum": 1}, "salt": hexSchema(32),
			"deadline": map[string]any{"type": "string", "format": "date-time"},
			"signer":   pattern(`^0x[0-9a-fA-F]{40}$`), "signature": pattern(`^0x([0-9a-f]{2})+$`),
		},
		"additionalProperties": false,
		"oneOf":                actions,
	}
}

func actionSchema(s deal.Step, a deal.Action) map[string]any {
	fields, required := map[string]any{}, []string{}
	for _, f := range a.Fields {
		fields[f.ID] = fieldSchema(f)
		if !f.Optional {
			required = append(required, f.ID)
		}
	}
	schema := map[string]any{
		"title": a.Title,
		"properties": map[string]any{
			"step": map[string]any{"const": s.ID}, "action": map[string]any{"const": a.ID},
			"fields": map[string]any{"properties": fields, "required": required, "additionalProperties": false},
		},
	}
	require := []string{"step", "action"}
	if len(required) > 0 {
		require = append(require, "fields")
	}
	if s.Scope == deal.PerBidder {
		require = append(require, "room")
	}
	schema["required"] = require
	return schema
}

// fieldSchema describes {"kind":…,"value":…}.
func fieldSchema(f deal.Field) map[string]any {
	return map[string]any{
		"title":                f.Title,
		"type":                 "object",
		"required":             []string{"kind", "value"},
		"additionalProperties": false,
		"properties":           map[string]any{"kind": map[string]any{"const": string(f.Kind)}, "value": textSchema(f)},
	}
}

func textSchema(f deal.Field) map[string]any {
	switch f.Kind {
	case deal.KindAmount:
		return pattern(`^(0|[1-9][0-9]{0,18}) [A-Z]{3}$`)
	case deal.KindTime:
		return map[string]any{"type": "string", "format": "date-time"}
	case deal.KindCount:
		return pattern(`^(0|[1-9][0-9]{0,15})$`)
	case deal.KindCommitment, deal.KindSealed, deal.KindAct:
		return hexSchema(32)
	case deal.KindAddress:
		return hexSchema(20)
	case deal.KindParty:
		return partySchema()
	case deal.KindChoice:
		return map[string]any{"enum": slices.Clone(f.Choices)}
	case deal.KindKey:
		return pattern(`^age1[a-z0-9]{50,}$`)
	case deal.KindSignature:
		return pattern(`^0x([0-9a-f]{2})+$`)
	}
	return map[string]any{"type": "string"}
}

func pattern(form string) map[string]any { return map[string]any{"type": "string", "pattern": form} }

func partySchema() map[string]any { return pattern(`^[a-z][a-z0-9-]{1,30}[a-z0-9]$`) }

func hexSchema(bytes int) map[string]any {
	return map[string]any{"type": "string", "pattern": "^0x[0-9a-f]*$", "minLength": 2 + 2*bytes, "maxLength": 2 + 2*bytes}
}
